// Runs a handler and shows its answer where the person is looking. Every interaction ends in one visible answer.
import type { ModalView } from '@slack/types';
import { unreachable } from '../errors.ts';
import { failureOf } from './failures.ts';
import { refusedForm } from './form.ts';
import {
  channelOf,
  loadingView,
  type Message,
  messageFrom,
  metadataFor,
  noticeHome,
  noticeView,
  plainMessage,
  refusalMessage,
  rememberingChannel,
  VIEW_CHANGED,
  WINDOW_TOO_LATE,
} from './notices.ts';
import { createNewest, type Newest } from './newest.ts';
import type { Log, Web } from './ports.ts';
import type { ActionInteraction, Handlers, Interaction, Refusal, Reply } from './reply.ts';
import { createTelling, type Telling } from './telling.ts';
import { createWindows, type Filled, isInModal, type Window, type Windows } from './windows.ts';

export type PerformDeps = { handlers: Handlers; web: Web; log: Log; now: () => number };

/** `window`: ours to fill with the answer. `opener`: a trigger_id that may still open one. */
type Stage = { interaction: Interaction; window: Window | null; opener: string | null };
type Answer = Reply | { kind: 'refused'; refusal: Refusal };
type Tools = { windows: Windows; tell: Telling; log: Log; newest: Newest };

/** See `Slack.perform` (ports.ts). */
export function createPerform(deps: PerformDeps): (interaction: Interaction) => Promise<void> {
  const { handlers, log } = deps;
  const windows = createWindows(deps.web);
  const tools: Tools = { windows, tell: createTelling({ ...deps, windows }), log, newest: createNewest() };

  async function perform(interaction: Interaction): Promise<void> {
    if (interaction.kind === 'action') tools.newest.note(interaction);
    const stage = await setStage(tools, handlers, interaction);
    const explain = (error: unknown) => handlers.explain(error, interaction);
    const answer = await handlers
      .run(interaction)
      .catch((error: unknown): Answer => ({ kind: 'refused', refusal: explain(error) }));
    // Slack may refuse the answer itself: then that is what the person is told. Not in the form again, for it is done.
    await show(tools, stage, answer).catch(async (error: unknown) =>
      showMessage(tools, stage, refusalMessage(explain(error))),
    );
  }

  return async (interaction) =>
    perform(interaction).catch((err: unknown) => {
      log.error({ err, interaction: interaction.id }, 'An answer could not be shown');
    });
}

/** Opens the loading window, if there is to be one, before anything slow is asked. */
async function setStage(tools: Tools, handlers: Handlers, interaction: Interaction): Promise<Stage> {
  const plan = handlers.plan(interaction);
  const opener = 'triggerId' in interaction && interaction.triggerId ? interaction.triggerId : null;
  // No hash: the ack put the waiting view in the form's place, and nobody told us that view's hash.
  if (plan.after === 'wait' && interaction.kind === 'submission') {
    return { interaction, window: titled({ id: interaction.view.id }, interaction.view.title), opener: null };
  }
  if (!plan.loading || !opener) return { interaction, window: null, opener };
  const view = loadingView(plan.loading, metadataFor(interaction));
  const window = await tools.windows.open(interaction, opener, view).catch((err: unknown) => {
    tools.log.warn({ err, interaction: interaction.id }, 'The loading window did not open');
    return null;
  });
  return { interaction, window: window && titled(window, plan.loading), opener: null };
}

function titled(window: Window, title: string | undefined): Window {
  return { ...window, ...(title && { title }) };
}

async function show(tools: Tools, stage: Stage, reply: Answer): Promise<void> {
  switch (reply.kind) {
    case 'refused':
      return showRefusal(tools, stage, reply.refusal);
    case 'none':
      return showNothing(tools, stage);
    case 'home':
      return tools.windows.publishHome(stage.interaction, reply.view);
    case 'modal':
      return showModal(tools, stage, rememberingChannel(reply.view, stage.interaction));
    case 'message':
      return reply.audience === 'channel' ? announce(tools, stage, reply) : showMessage(tools, stage, reply);
    default:
      return unreachable(reply);
  }
}

/** A form that waited comes back as it was filled in; whoever has closed it is told. */
async function showRefusal(tools: Tools, stage: Stage, refusal: Refusal): Promise<void> {
  const { interaction, window } = stage;
  const form = interaction.kind === 'submission' ? interaction.form : undefined;
  if (!window || !form) return showMessage(tools, stage, refusalMessage(refusal));
  const { teamId } = interaction.person;
  const shown = await tools.windows.fill(teamId, window, refusedForm(form, refusal)).catch((err: unknown) => {
    if (failureOf(err).kind !== 'refused') throw err;
    tools.log.warn({ err, interaction: interaction.id }, 'Slack did not take a form again');
    return fillWithMessage(tools, { interaction, window }, refusalMessage(refusal));
  });
  if (shown === 'closed') await tools.tell.person(interaction, refusalMessage(refusal));
}

/** A window that waits for an answer must not wait for ever. */
async function showNothing({ windows }: Tools, { interaction, window }: Stage): Promise<void> {
  if (window) await windows.fill(interaction.person.teamId, window, noticeView({ text: 'Done.' }));
}

async function showMessage(tools: Tools, { interaction, window }: Stage, message: Message): Promise<void> {
  if (interaction.kind === 'home_opened') return tools.windows.publishHome(interaction, noticeHome(message));
  // In a window, what takes the place of what was clicked takes the window.
  if (message.replace && !window && isInModal(interaction)) {
    const title = 'view' in interaction ? interaction.view?.title : undefined;
    return replaceModal(tools, interaction, noticeView(message, metadataFor(interaction), title));
  }
  const shown = window ? await fillWithMessage(tools, { interaction, window }, message) : 'closed';
  if (shown === 'closed') await tools.tell.person(interaction, message);
}

/** Windows take fewer kinds of blocks than messages do: without the blocks the sentence still gets there. */
async function fillWithMessage(
  { windows, log }: Tools,
  { interaction, window }: { interaction: Interaction; window: Window },
  message: Message,
): Promise<Filled> {
  const { teamId } = interaction.person;
  const metadata = metadataFor(interaction);
  return windows.fill(teamId, window, noticeView(message, metadata, window.title)).catch(async (err: unknown) => {
    if (failureOf(err).kind !== 'refused') throw err;
    log.warn({ err, interaction: interaction.id }, 'A window did not take the blocks of a message');
    return windows.fill(teamId, window, noticeView({ text: message.text }, metadata, window.title));
  });
}

async function announce({ tell, windows }: Tools, { interaction, window }: Stage, message: Message): Promise<void> {
  await tell.channel(interaction, message);
  const channel = channelOf(interaction);
  const notice = noticeView({ text: channel ? `Posted in <#${channel}>.` : 'Done.' });
  if (window) await windows.fill(interaction.person.teamId, window, notice);
}

async function showModal(tools: Tools, stage: Stage, view: ModalView): Promise<void> {
  const { interaction, window, opener } = stage;
  if (window) return fillWithModal(tools, { interaction, window }, view);
  if (isInModal(interaction)) return replaceModal(tools, interaction, view);
  const opened = opener ? await openModal(tools, { interaction, opener }, view) : false;
  if (!opened) await tools.tell.person(interaction, plainMessage(WINDOW_TOO_LATE));
}

/** A form's answer is told also when its window was closed; a window opened to look at something was closed on purpose. */
async function fillWithModal(
  { windows, tell }: Tools,
  { interaction, window }: { interaction: Interaction; window: Window },
  view: ModalView,
): Promise<void> {
  const shown = await windows.fill(interaction.person.teamId, window, view);
  if (shown === 'closed' && interaction.kind === 'submission') await tell.person(interaction, messageFrom(view));
}

/** The modal that was clicked in. Its hash protects what the person has typed since. */
async function replaceModal(tools: Tools, interaction: Interaction, view: ModalView): Promise<void> {
  if (interaction.kind !== 'action' || !interaction.view) return;
  const { windows, tell, newest } = tools;
  const { teamId } = interaction.person;
  const { id, hash } = interaction.view;
  const shown = await windows.fill(teamId, { id, hash }, view);
  if (shown !== 'changed') return;
  if (!isChoice(interaction)) return tell.person(interaction, plainMessage(VIEW_CHANGED));
  // Whoever chooses in one field and then in the next is answered for the next: it knows both choices, and Slack keeps
  // what stands in fields that stay the same.
  if (newest.is(interaction)) await windows.fill(teamId, { id }, view);
}

/** In a field of the form, which then holds it; a button's value is in none. */
function isChoice({ value, values }: ActionInteraction): boolean {
  return value !== '' && Object.values(values).flat().includes(value);
}

async function openModal(
  { windows, log }: Tools,
  { interaction, opener }: { interaction: Interaction; opener: string },
  view: ModalView,
): Promise<boolean> {
  try {
    await windows.open(interaction, opener, view);
    return true;
  } catch (err) {
    log.warn({ err, interaction: interaction.id }, 'A window did not open');
    return false;
  }
}
