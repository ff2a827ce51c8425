// What somebody in front of Slack has before their eyes now, and where on it there is something to press.
import type { PersonView, Place, SimMessage, SimView } from '../simulators/slack/control-api.ts';
import { buttonsOf, menusOf, readable, type ButtonSeen, type MenuSeen } from './readable.ts';

export type Seen = { text: string; message: SimMessage };
export type Anything = string | RegExp;
export type Found<T> = { found: T; place: Place };
/** Which of several buttons of the same name: the one in a block that says this. */
export type Beside = { beside?: string };

export class Screen {
  readonly #userId: string;
  readonly #look: (userId: string) => PersonView;

  constructor(userId: string, look: (userId: string) => PersonView) {
    this.#userId = userId;
    this.#look = look;
  }

  get view(): PersonView {
    return this.#look(this.#userId);
  }

  /** Channels, direct conversations, threads and what only this person sees, oldest first. */
  everything(): Seen[] {
    const { view } = this;
    return Object.values(view.messages)
      .flat()
      .toSorted((one, other) => Number(one.ts) - Number(other.ts))
      .map((message) => ({ text: readable(message, view), message }));
  }

  private(): Seen[] {
    return this.everything().filter(({ message }) => message.ephemeralFor === this.#userId);
  }

  inChannel(channel: string): Seen[] {
    return this.everything().filter(
      ({ message }) => message.channel === channel && message.ephemeralFor === null && message.threadTs === null,
    );
  }

  inThreads(): Seen[] {
    return this.everything().filter(({ message }) => message.threadTs !== null);
  }

  inDm(): Seen[] {
    const dms = new Set(this.view.channels.filter(({ kind }) => kind === 'im').map(({ id }) => id));
    return this.everything().filter(({ message }) => dms.has(message.channel));
  }

  modal(): SimView | null {
    return this.view.modals.at(-1) ?? null;
  }

  /** Title, blocks and field errors of the open modal; null when none is open. */
  modalText(): string | null {
    const top = this.modal();
    if (!top) return null;
    return [top.view.title.text, readable(top.view, this.view), ...Object.values(top.errors)].join('\n');
  }

  button(label: string, { beside = '' }: Beside = {}): Found<ButtonSeen> | null {
    return this.#newest((blocks) =>
      buttonsOf(blocks).find((button) => button.label === label && button.around.includes(beside)),
    );
  }

  menu(placeholder: string): Found<MenuSeen> | null {
    return this.#newest((blocks) => menusOf(blocks).find((menu) => menu.placeholder === placeholder));
  }

  /** In the open modal if it is there, else in the newest message that has it. */
  #newest<T>(look: (blocks: unknown[]) => T | undefined): Found<T> | null {
    const modal = this.modal();
    const inModal = modal ? look(modal.view.blocks) : undefined;
    if (modal && inModal) return { found: inModal, place: { viewId: modal.id } };
    for (const { message } of this.everything().toReversed()) {
      const found = look(message.blocks);
      if (found) return { found, place: { channel: message.channel, ts: message.ts } };
    }
    return null;
  }
}

/** The newest that holds the text. */
export function find(seen: Seen[], wanted: Anything): Seen | null {
  return seen.findLast(({ text }) => matches(text, wanted)) ?? null;
}

export function matches(text: string, wanted: Anything): boolean {
  return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
}

/** For failing tests. */
export function listed(seen: Seen[]): string {
  return seen.map(({ text, message }) => `- ${message.ephemeralFor ? '(only you) ' : ''}${text}`).join('\n');
}
