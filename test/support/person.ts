// Somebody in front of Slack. Journeys are written in these verbs, so that they read like what happened.
import type { PersonView, Place, SimMessage, SimView } from '../simulators/slack/control-api.ts';
import type { SlackSimulator } from '../simulators/slack/simulator.ts';
import { field, formState, optionNamed } from './form-state.ts';
import { buttonsOf, menusOf, readable, type ButtonSeen, type MenuSeen } from './readable.ts';
import { until } from './until.ts';

export type Seen = { text: string; message: SimMessage };

type Anything = string | RegExp;
type Found<T> = { found: T; place: Place };
/** Which of several buttons of the same name: the one in a block that says this. */
type Beside = { beside?: string };

const CHANNEL = 'C0OPS';
const PATIENCE_MS = 10_000;

export class Person {
  readonly id: string;
  readonly name: string;
  readonly #slack: SlackSimulator;
  readonly #whileWaiting: () => void;
  /** What searches in the open modal's menus have found, by label. */
  #offered = new Map<string, PersonOptions>();
  channel = CHANNEL;

  /** `whileWaiting`: called again and again while this person waits for a card, a thread or a DM to change. */
  constructor(
    slack: SlackSimulator,
    who: { id: string; name: string },
    { whileWaiting = () => undefined }: { whileWaiting?: () => void } = {},
  ) {
    this.#slack = slack;
    this.#whileWaiting = whileWaiting;
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

  /** Says it and waits for the answer, which only this person sees. */
  async asks(text: string): Promise<Seen> {
    const known = new Set(this.#private().map(({ message }) => message.ts));
    await this.says(text);
    const fresh = () => this.#private().find(({ message }) => !known.has(message.ts)) ?? null;
    return this.#await(fresh, `${this.name} to get an answer to "${text}"`);
  }

  /** Waits until something this person sees (channel, DMs, threads, their ephemeral messages) holds the text. */
  async sees(wanted: Anything): Promise<Seen> {
    return this.#awaitNews(() => this.#find(this.#everything(), wanted), `${this.name} to see ${String(wanted)}`);
  }

  /** As `sees`, only in messages that nobody else sees. */
  async seesPrivately(wanted: Anything): Promise<Seen> {
    return this.#await(() => this.#find(this.#private(), wanted), `${this.name} to see privately ${String(wanted)}`);
  }

  /** As `sees`, in the direct conversation with the bot. */
  async seesInDm(wanted: Anything): Promise<Seen> {
    return this.#awaitNews(() => this.#find(this.inDm(), wanted), `${this.name} to get a DM with ${String(wanted)}`);
  }

  /** Waits until the newest card in the channel holds the text. */
  async seesOnCard(wanted: Anything): Promise<Seen> {
    const cards = () => [this.card()].filter((card) => card !== null);
    return this.#awaitNews(
      () => this.#find(cards(), wanted),
      () => `${this.name} to see ${String(wanted)} on the card, which says:\n${this.card()?.text ?? '(no card)'}`,
    );
  }

  async seesInThread(wanted: Anything): Promise<Seen> {
    return this.#awaitNews(
      () => this.#find(this.inThreads(), wanted),
      () => `${this.name} to see ${String(wanted)} in a thread; there is:\n${texts(this.inThreads())}`,
    );
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
    return this.cards().at(-1) ?? null;
  }

  /** All messages with a header block in the channel, oldest first. */
  cards(): Seen[] {
    return this.inChannel().filter(({ message }) => message.blocks.some((block) => block.type === 'header'));
  }

  /** What everybody sees in the channel, oldest first. */
  inChannel(): Seen[] {
    return this.#everything().filter(
      ({ message }) => message.channel === this.channel && message.ephemeralFor === null && message.threadTs === null,
    );
  }

  inThreads(): Seen[] {
    return this.#everything().filter(({ message }) => message.threadTs !== null);
  }

  inDm(): Seen[] {
    const dms = new Set(this.view.channels.filter(({ kind }) => kind === 'im').map(({ id }) => id));
    return this.#everything().filter(({ message }) => dms.has(message.channel));
  }

  modal(): SimView | null {
    return this.view.modals.at(-1) ?? null;
  }

  /** Presses a button by its label: in the open modal if there is one, else in the newest message that has it. */
  async clicks(label: string, where: Beside = {}): Promise<void> {
    const { found, place } = await this.#awaitButton(label, where);
    const { actionId, blockId, value } = found;
    const outcome = await this.#slack.click(this.id, place, { actionId, blockId, value });
    if (!outcome.ok) throw new Error(`${this.name} clicked "${label}" and Slack answered ${outcome.error}`);
  }

  /** Presses a button now; the click reaches the app when the returned function is called, when it may be stale. */
  async holds(label: string): Promise<() => Promise<void>> {
    const { found, place } = await this.#awaitButton(label, {});
    const { actionId, blockId, value } = found;
    const release = this.#slack.faults.holdNext('interaction');
    const outcome = this.#slack.click(this.id, place, { actionId, blockId, value });
    return async () => {
      release();
      await outcome;
    };
  }

  /** What Slack asks before a click on this button counts; '' when it asks nothing. */
  async isAskedBefore(label: string): Promise<string> {
    return (await this.#awaitButton(label, {})).found.dialog;
  }

  canClick(label: string): boolean {
    return this.#button(label, {}) !== null;
  }

  /** Picks an option of the newest menu with this placeholder; the option's text may be cut short. */
  async picks(option: string, placeholder: string): Promise<void> {
    const menu = await this.#await(() => this.#menu(placeholder), `${this.name} to find a menu "${placeholder}"`);
    const { actionId, blockId, options } = menu.found;
    const { value = '' } = optionNamed(options, option);
    const outcome = await this.#slack.click(this.id, menu.place, { actionId, blockId, value });
    if (!outcome.ok) throw new Error(`${this.name} picked "${option}" and Slack answered ${outcome.error}`);
  }

  /** Types into a field of the open modal that searches. Resolves with what is offered, to be picked by `submits`. */
  async searches(label: string, query: string): Promise<string[]> {
    const view = await this.#await(() => this.modal(), `${this.name} to have a modal open`);
    const { block, element } = field(view.view, label);
    const search = { blockId: block.block_id ?? '', actionId: element.action_id ?? '', query };
    const { options } = await this.#slack.suggest(this.id, { viewId: view.id }, search);
    this.#offered.set(label, options);
    return options.map(({ text }) => text.text);
  }

  /** Fills fields of the open modal by their labels and submits it. Resolves with the field errors Slack shows. */
  async submits(values: Record<string, string> = {}): Promise<Record<string, string>> {
    const view = await this.#await(() => this.modal(), `${this.name} to have a modal open`);
    const outcome = await this.#slack.submit(this.id, view.id, formState(view.view, values, this.#offered));
    if (!outcome.ok) throw new Error(`${this.name} submitted a modal and Slack answered ${outcome.error}`);
    return 'errors' in outcome ? outcome.errors : {};
  }

  async closesModal(): Promise<void> {
    const view = await this.#await(() => this.modal(), `${this.name} to have a modal open`);
    await this.#slack.closeModal(this.id, view.id);
  }

  async #awaitButton(label: string, where: Beside): Promise<Found<ButtonSeen>> {
    return this.#await(() => this.#button(label, where), `${this.name} to find a button "${label}"`);
  }

  #button(label: string, { beside = '' }: Beside): Found<ButtonSeen> | null {
    return this.#newest((blocks) =>
      buttonsOf(blocks).find((button) => button.label === label && button.around.includes(beside)),
    );
  }

  #menu(placeholder: string): Found<MenuSeen> | null {
    return this.#newest((blocks) => menusOf(blocks).find((menu) => menu.placeholder === placeholder));
  }

  /** In the open modal if it is there, else in the newest message that has it. */
  #newest<T>(look: (blocks: unknown[]) => T | undefined): Found<T> | null {
    const modal = this.modal();
    const inModal = modal ? look(modal.view.blocks) : undefined;
    if (modal && inModal) return { found: inModal, place: { viewId: modal.id } };
    for (const { message } of this.#everything().toReversed()) {
      const found = look(message.blocks);
      if (found) return { found, place: { channel: message.channel, ts: message.ts } };
    }
    return null;
  }

  #private(): Seen[] {
    return this.#everything().filter(({ message }) => message.ephemeralFor === this.id);
  }

  #everything(): Seen[] {
    const { view } = this;
    return Object.values(view.messages)
      .flat()
      .toSorted((one, other) => Number(one.ts) - Number(other.ts))
      .map((message) => ({ text: readable(message, view), message }));
  }

  #find(seen: Seen[], wanted: Anything): Seen | null {
    return seen.findLast(({ text }) => matches(text, wanted)) ?? null;
  }

  #modalText({ view, errors }: SimView): string {
    return [view.title.text, readable(view, this.view), ...Object.values(errors)].join('\n');
  }

  #topText(): string {
    const top = this.modal();
    return top ? this.#modalText(top) : '(none)';
  }

  #awaitNews<T extends object>(look: () => T | null, what: string | (() => string)): Promise<T> {
    const hurried = () => {
      const seen = look();
      if (!seen) this.#whileWaiting();
      return seen;
    };
    return this.#await(hurried, what);
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
    return `What ${this.name} sees last:\n${texts(this.#everything().slice(-6))}`;
  }
}

type PersonOptions = Parameters<typeof optionNamed>[0];

function texts(seen: Seen[]): string {
  return seen.map(({ text, message }) => `- ${message.ephemeralFor ? '(only you) ' : ''}${text}`).join('\n');
}

function matches(text: string, wanted: Anything): boolean {
  return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
}
