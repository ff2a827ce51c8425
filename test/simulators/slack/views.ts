// Open modals, at most three on a person's stack, and each person's Home tab.
import type { HomeView, KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import type { FormState, SimView } from './control-api.ts';
import { initialState, keptState } from './form.ts';
import type { Settings } from './options.ts';

export const MAX_STACK = 3;

export type OpenView = {
  id: string;
  hash: string;
  userId: string;
  view: ModalView | HomeView;
  rootId: string;
  previousId: string | null;
  state: FormState;
  errors: Record<string, string>;
};

export class Views {
  readonly #settings: Settings;
  readonly #stacks = new Map<string, OpenView[]>();
  readonly #homes = new Map<string, OpenView>();
  /** Options that external menus have shown, by person and element: a person can only pick what was offered. */
  readonly #offered = new Map<string, PlainTextOption[]>();
  #count = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  stack(userId: string): OpenView[] {
    return this.#stacks.get(userId) ?? [];
  }

  top(userId: string): OpenView | null {
    return this.stack(userId).at(-1) ?? null;
  }

  home(userId: string): OpenView | null {
    return this.#homes.get(userId) ?? null;
  }

  byId(id: string): OpenView | null {
    return this.#everything().find((open) => open.id === id) ?? null;
  }

  byExternalId(externalId: string): OpenView | null {
    return this.#everything().find((open) => open.view.external_id === externalId) ?? null;
  }

  #everything(): OpenView[] {
    return [...[...this.#stacks.values()].flat(), ...this.#homes.values()];
  }

  /** Puts a modal on top of the person's stack; without `over`, in place of the whole stack. */
  open(userId: string, view: ModalView, over: OpenView | null): OpenView {
    const opened = this.#create(userId, view, over);
    const below = over === null ? [] : this.stack(userId);
    this.#stacks.set(userId, [...below, opened]);
    return opened;
  }

  /** Changes a view in place: same id, new hash, what was entered kept where the ids are the same. */
  replace(open: OpenView, view: ModalView | HomeView): void {
    open.view = withIds(view, this.#settings.random);
    open.state = keptState(open.state, open.view.blocks);
    open.errors = {};
    open.hash = this.#hash();
  }

  publish(userId: string, view: HomeView): OpenView {
    const published = this.#homes.get(userId);
    if (published !== undefined) {
      this.replace(published, view);
      return published;
    }
    const created = this.#create(userId, view, null);
    this.#homes.set(userId, created);
    return created;
  }

  close(open: OpenView): void {
    const left = this.stack(open.userId).filter((other) => other !== open);
    this.#stacks.set(open.userId, left);
  }

  clear(userId: string): void {
    this.#stacks.delete(userId);
  }

  offer(key: string, options: PlainTextOption[]): void {
    this.#offered.set(key, [...(this.#offered.get(key) ?? []), ...options]);
  }

  offered(key: string): PlainTextOption[] {
    return this.#offered.get(key) ?? [];
  }

  #create(userId: string, view: ModalView | HomeView, over: OpenView | null): OpenView {
    this.#count += 1;
    const id = `V${String(this.#count).padStart(8, '0')}`;
    const identified = withIds(view, this.#settings.random);
    return {
      id,
      hash: this.#hash(),
      userId,
      view: identified,
      rootId: over?.rootId ?? id,
      previousId: over?.id ?? null,
      state: initialState(identified.blocks),
      errors: {},
    };
  }

  #hash(): string {
    return `${Math.floor(this.#settings.now() / 1000)}.${this.#settings.random().slice(0, 8)}`;
  }
}

export function isModal(view: ModalView | HomeView): view is ModalView {
  return view.type === 'modal';
}

/** The view as the API and the payloads show it. */
export function wireView(open: OpenView, { team, bot }: Settings): Record<string, unknown> {
  return {
    clear_on_close: false,
    notify_on_close: false,
    submit: null,
    close: null,
    private_metadata: '',
    callback_id: '',
    external_id: '',
    ...open.view,
    id: open.id,
    team_id: team.id,
    app_id: bot.appId,
    app_installed_team_id: team.id,
    bot_id: bot.botId,
    state: { values: open.state },
    hash: open.hash,
    root_view_id: open.rootId,
    previous_view_id: open.previousId,
  };
}

export function asSimView(open: OpenView): SimView | null {
  if (!isModal(open.view)) return null;
  const { id, view, errors, state } = open;
  return structuredClone({ id, view, errors, values: state });
}

function withIds<T extends ModalView | HomeView>(view: T, random: () => string): T {
  return { ...view, blocks: assignIds(view.blocks as KnownBlock[], random) };
}

/** Slack names every block and element the app left unnamed. */
export function assignIds(blocks: KnownBlock[], random: () => string): KnownBlock[] {
  const copy = structuredClone(blocks) as unknown as Record<string, unknown>[];
  for (const block of copy) {
    block['block_id'] ??= random().slice(0, 8);
    const parts = [block['elements'], block['element'], block['accessory']].flat();
    for (const part of parts) {
      if (isElement(part)) part['action_id'] ??= random().slice(0, 8);
    }
  }
  return copy as unknown as KnownBlock[];
}

const PASSIVE = ['image', 'plain_text', 'mrkdwn', 'card'];

function isElement(part: unknown): part is Record<string, unknown> {
  if (typeof part !== 'object' || part === null) return false;
  const { type } = part as { type?: unknown };
  return typeof type === 'string' && !PASSIVE.includes(type) && !type.startsWith('rich_text_');
}
