// Somebody in front of Slack. Journeys are written in these verbs, so that they read like what happened.
import type { Block, InputBlock, KnownBlock, ModalView } from '@slack/types';
import type { FormState, PersonView, Place, SimMessage, SimView } from '../simulators/slack/control-api.ts';
import type { SlackSimulator } from '../simulators/slack/simulator.ts';
import { buttonsOf, readable, type ButtonSeen } from './readable.ts';
import { until } from './until.ts';

export type Seen = { text: string; message: SimMessage };

type Anything = string | RegExp;

const CHANNEL = 'C0OPS';
const PATIENCE_MS = 10_000;

export class Person {
  readonly id: string;
  readonly name: string;
  readonly #slack: SlackSimulator;
  channel = CHANNEL;

  constructor(slack: SlackSimulator, who: { id: string; name: string }) {
    this.#slack = slack;
    this.id = who.id;
    this.name = who.name;
  }

  get view(): PersonView {
    return this.#slack.view(this.id);
  }

  /** A slash command or a message. Fails when Slack would show an error of its own. */
  async says(text: string): Promise<void> {
    const outcome = await this.#slack.say(this.id, this.channel, text);
    if (!outcome.ok) throw new Error(`${this.name} said "${text}" and Slack answered ${outcome.error}`);
  }

  /** Waits until something this person sees (channel, DMs, threads, their ephemeral messages, open modals) holds the text. */
  async sees(wanted: Anything): Promise<Seen> {
    return this.#await(() => this.#find(this.#everything(), wanted), `${this.name} to see ${String(wanted)}`);
  }

  /** As `sees`, only in messages that nobody else sees. */
  async seesPrivately(wanted: Anything): Promise<Seen> {
    const mine = () => this.#everything().filter(({ message }) => message.ephemeralFor === this.id);
    return this.#await(() => this.#find(mine(), wanted), `${this.name} to see privately ${String(wanted)}`);
  }

  /** As `sees`, in the direct conversation with the bot. */
  async seesInDm(wanted: Anything): Promise<Seen> {
    const dms = () => new Set(this.view.channels.filter(({ kind }) => kind === 'im').map(({ id }) => id));
    const there = () => this.#everything().filter(({ message }) => dms().has(message.channel));
    return this.#await(() => this.#find(there(), wanted), `${this.name} to get a DM with ${String(wanted)}`);
  }

  /** Waits until the newest card in the channel holds the text. */
  async seesOnCard(wanted: Anything): Promise<Seen> {
    return this.#await(
      () =>
        this.#find(
          [this.card()].filter((card) => card !== null),
          wanted,
        ),
      () => {
        return `${this.name} to see ${String(wanted)} on the card, which says:\n${this.card()?.text ?? '(no card)'}`;
      },
    );
  }

  async seesInThread(wanted: Anything): Promise<Seen> {
    const replies = () => this.#everything().filter(({ message }) => message.threadTs !== null);
    return this.#await(() => this.#find(replies(), wanted), `${this.name} to see ${String(wanted)} in a thread`);
  }

  async seesModal(wanted: Anything): Promise<SimView> {
    return this.#await(
      () => {
        const top = this.modal();
        return top && matches(this.#modalText(top), wanted) ? top : null;
      },
      () => `${this.name} to see a modal with ${String(wanted)}; there is:\n${this.#topText()}`,
    );
  }

  /** What is visible now; for things that must not have happened, after something that comes later was seen. */
  doesNotSee(wanted: Anything): void {
    const seen = this.#find(this.#everything(), wanted);
    if (seen) throw new Error(`${this.name} sees ${String(wanted)}:\n${seen.text}`);
  }

  /** The newest message with a header block in the channel. */
  card(): Seen | null {
    const cards = (this.view.messages[this.channel] ?? []).filter(
      (message) => message.ephemeralFor === null && message.blocks.some((block) => block.type === 'header'),
    );
    const newest = cards.at(-1);
    return newest ? this.#seen(newest) : null;
  }

  modal(): SimView | null {
    return this.view.modals.at(-1) ?? null;
  }

  /** Presses a button by its label: in the open modal if there is one, else in the newest message that has it. */
  async clicks(label: string): Promise<void> {
    const found = await this.#await(() => this.#button(label), `${this.name} to find a button "${label}"`);
    const { actionId, blockId, value } = found.button;
    const outcome = await this.#slack.click(this.id, found.place, { actionId, blockId, value });
    if (!outcome.ok) throw new Error(`${this.name} clicked "${label}" and Slack answered ${outcome.error}`);
  }

  /** A button that the card has now, for clicking it later, when it may be stale. */
  async holds(label: string): Promise<() => Promise<void>> {
    const found = await this.#await(() => this.#button(label), `${this.name} to find a button "${label}"`);
    const { actionId, blockId, value } = found.button;
    return async () => void (await this.#slack.click(this.id, found.place, { actionId, blockId, value }));
  }

  canClick(label: string): boolean {
    return this.#button(label) !== null;
  }

  /** Fills fields of the open modal by their labels and submits it. Resolves with the field errors Slack shows. */
  async submits(values: Record<string, string> = {}): Promise<Record<string, string>> {
    const view = await this.#await(() => this.modal(), `${this.name} to have a modal open`);
    const outcome = await this.#slack.submit(this.id, view.id, formState(view.view, values));
    if (!outcome.ok) throw new Error(`${this.name} submitted a modal and Slack answered ${outcome.error}`);
    return 'errors' in outcome ? outcome.errors : {};
  }

  #button(label: string): { button: ButtonSeen; place: Place } | null {
    const modal = this.modal();
    const inModal = modal && buttonsOf(modal.view.blocks).find((button) => button.label === label);
    if (modal && inModal) return { button: inModal, place: { viewId: modal.id } };
    for (const { message } of this.#everything().toReversed()) {
      const button = buttonsOf(message.blocks).find((candidate) => candidate.label === label);
      if (button) return { button, place: { channel: message.channel, ts: message.ts } };
    }
    return null;
  }

  #everything(): Seen[] {
    return Object.values(this.view.messages)
      .flat()
      .toSorted((one, other) => Number(one.ts) - Number(other.ts))
      .map((message) => this.#seen(message));
  }

  #seen(message: SimMessage): Seen {
    return { text: readable(message, this.view.users), message };
  }

  #find(seen: Seen[], wanted: Anything): Seen | null {
    return seen.findLast(({ text }) => matches(text, wanted)) ?? null;
  }

  #modalText({ view, errors }: SimView): string {
    return [view.title.text, readable(view, this.view.users), ...Object.values(errors)].join('\n');
  }

  #topText(): string {
    const top = this.modal();
    return top ? this.#modalText(top) : '(none)';
  }

  async #await<T extends object>(look: () => T | null, what: string | (() => string)): Promise<T> {
    try {
      return await until(look, 'it', PATIENCE_MS);
    } catch {
      throw new Error(`waited ${PATIENCE_MS} ms for ${typeof what === 'string' ? what : what()}\n${this.#recent()}`);
    }
  }

  /** For failing tests: what this person was looking at. */
  #recent(): string {
    const lines = this.#everything()
      .slice(-6)
      .map(({ text, message }) => `- ${message.ephemeralFor ? '(only you) ' : ''}${text}`);
    return `What ${this.name} sees last:\n${lines.join('\n')}`;
  }
}

function matches(text: string, wanted: Anything): boolean {
  return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
}

/** Labels → Slack's state shape. A select takes the option whose text or value begins with what was asked for. */
function formState(view: ModalView, values: Record<string, string>): FormState {
  const state: FormState = {};
  for (const [label, value] of Object.entries(values)) {
    const block = view.blocks.filter(isInput).find((one) => one.label.text === label);
    if (!block) throw new Error(`the modal has no field "${label}"`);
    const element = block.element as { type: string; action_id?: string; options?: Option[] };
    state[block.block_id ?? ''] = { [element.action_id ?? '']: elementState(element, value) };
  }
  return state;
}

function isInput(block: KnownBlock | Block): block is InputBlock {
  return block.type === 'input';
}

type Option = { text: { type: 'plain_text'; text: string }; value: string };

function elementState(element: { type: string; options?: Option[] }, value: string): FormState[string][string] {
  if (!element.type.endsWith('select')) return { type: element.type, value };
  const option = element.options?.find((one) => one.value === value || one.text.text.startsWith(value));
  if (!option) throw new Error(`no option "${value}" among ${element.options?.map((one) => one.text.text).join(', ')}`);
  return { type: element.type, selected_option: option };
}
