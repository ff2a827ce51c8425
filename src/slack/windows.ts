// Opening, filling and pushing modals, and publishing the Home tab.
import type { HomeView, ModalView } from '@slack/types';
import { failureOf } from './failures.ts';
import type { Web } from './ports.ts';
import type { Interaction, ViewRef } from './reply.ts';

/** A modal we may overwrite: we opened it for this interaction, or it waits for this interaction's answer. */
export type Window = { id: string; hash?: string; title?: string };

/** `closed`: the person closed it, or Slack forgot it. `changed`: it is no longer what the person acted on. */
export type Filled = 'shown' | 'closed' | 'changed';

export type Windows = {
  /** Opens a modal, or stacks it on the one the person is in. Throws when Slack refuses (e.g. `expired_trigger_id`). */
  open(interaction: Interaction, triggerId: string, view: ModalView): Promise<Window | null>;
  fill(teamId: string, window: Window, view: ModalView): Promise<Filled>;
  publishHome(interaction: Interaction, view: HomeView): Promise<void>;
};

export function createWindows(web: Web): Windows {
  // https://docs.slack.dev/reference/methods/views.open and views.push: not repeated, the trigger_id works once
  async function open(interaction: Interaction, triggerId: string, view: ModalView): Promise<Window | null> {
    const method = isInModal(interaction) ? 'push' : 'open';
    const { teamId } = interaction.person;
    const answer = await web.call({ method: `views.${method}`, teamId }, async (client) =>
      client.views[method]({ trigger_id: triggerId, view }),
    );
    const opened = answer.view;
    return opened?.id ? { id: opened.id, ...(opened.hash && { hash: opened.hash }) } : null;
  }

  // https://docs.slack.dev/reference/methods/views.update
  async function fill(teamId: string, window: Window, view: ModalView): Promise<Filled> {
    try {
      await web.call({ method: 'views.update', teamId, again: true }, async (client) =>
        client.views.update({ view_id: window.id, ...(window.hash && { hash: window.hash }), view }),
      );
      return 'shown';
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === 'refused' && failure.error === 'not_found') return 'closed';
      if (failure.kind === 'refused' && failure.error === 'hash_conflict') return 'changed';
      throw error;
    }
  }

  // https://docs.slack.dev/reference/methods/views.publish: no hash, the newest state is the right one
  async function publishHome({ person }: Interaction, view: HomeView): Promise<void> {
    await web.call({ method: 'views.publish', teamId: person.teamId, again: true }, async (client) =>
      client.views.publish({ user_id: person.userId, view }),
    );
  }

  return { open, fill, publishHome };
}

export function isInModal(interaction: Interaction): boolean {
  return interaction.kind === 'action' && isModal(interaction.view);
}

function isModal(view: ViewRef | null): boolean {
  return view !== null && view.type !== 'home';
}
