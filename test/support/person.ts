// Somebody in front of Slack. Journeys are written in these verbs, so that they read like what happened.
import type { PlainTextOption } from '@slack/types';
import type { PersonView, SimView } from '../simulators/slack/control-api.ts';
import type { SlackSimulator } from '../simulators/slack/simulator.ts';
import { field, formState, optionNamed } from './form-state.ts';
import type { ButtonSeen } from './readable.ts';
import { find, listed, matches, Screen, type Anything, type Beside, type Found, type Seen } from './screen.ts';
import { until } from './until.ts';

const CHANNEL = 'C0OPS';
const PATIENCE_MS = 30_000;

export type Manner = { whileWaiting?: () => void; patienceMs?: number };

export class Person {
  readonly id: string;
  readonly name: string;
  readonly #slack: SlackSimulator;
  readonly #screen: Screen;
  readonly #whileWaiting: () => void;
  readonly #patienceMs: number;
  /** What searches in the open modal's menus have found, by label. */
  #offered = new Map<string, PlainTextOption[]>();
  channel = CHANNEL;

  /** `whileWaiting`: called again and again while this person waits for news in a channel, a thread or a DM. */
  constructor(
    slack: SlackSimulator,
    who: { id: string; name: string },
    { whileWaiting = () => undefined, patienceMs = PATIENCE_MS }: Manner = {},
  ) {
    this.#slack = slack;
    this.#screen = new Screen(who.id, (userId) => slack.view(userId));
    this.#whileWaiting = whileWaiting;
    this.#patienceMs = patienceMs;
    this.id = who.id;
    this.name = who.name;
  }

  get view(): PersonView {
    return this.#screen.view;
  }

  /** A slash command or a message. Fails when Slack would show an error of its own. */
  async says(text: string): Promise<void> {
    const outcome = await this.#slack.say(this.id, this.channel, text);
    if (!outcome.ok) throw new Error(`${this.name} said "${text}" and Slack answered ${outcome.error}`);
  }

  /** Says it and waits for the answer, which only this person sees. */
  async asks(text: string): Promise<Seen> {
    const known = new Set(this.#screen.private().map(({ message }) => message.ts));
    await this.says(text);
    const fresh = () => this.#screen.private().find(({ message }) => !known.has(message.ts)) ?? null;
    return this.#await(fresh, `${this.name} to get an answer to "${text}"`);
  }

  /** Does it and waits for what is then said to this person alone, be it in the place of something else. */
  async hears(does: () => Promise<unknown>, what: string): Promise<Seen> {
    const before = new Map(this.#screen.private().map(({ message, text }) => [message.ts, text]));
    await does();
    const isNew = ({ message, text }: Seen) => before.get(message.ts) !== text;
    return this.#await(() => this.#screen.private().findLast(isNew) ?? null, `${this.name} to hear ${what}`);
  }

  /** Waits until something this person sees (channel, DMs, threads, their ephemeral messages) holds the text. */
  async sees(wanted: Anything): Promise<Seen> {
    return this.#awaitNews(() => find(this.#screen.everything(), wanted), `${this.name} to see ${String(wanted)}`);
  }

  /** As `sees`, only in messages that nobody else sees. */
  async seesPrivately(wanted: Anything): Promise<Seen> {
    return this.#await(() => find(this.#screen.private(), wanted), `${this.name} to see privately ${String(wanted)}`);
  }

  /** As `sees`, in the direct conversation with the bot. */
  async seesInDm(wanted: Anything): Promise<Seen> {
    return this.#awaitNews(() => find(this.inDm(), wanted), `${this.name} to get a DM with ${String(wanted)}`);
  }

  /** Waits until the newest card in the channel holds the text. */
  async seesOnCard(wanted: Anything): Promise<Seen> {
    return this.#awaitNews(
      () => find(this.cards().slice(-1), wanted),
      () => `${this.name} to see ${String(wanted)} on the card, which says:\n${this.card()?.text ?? '(no card)'}`,
    );
  }

  async seesInThread(wanted: Anything): Promise<Seen> {
    return this.#awaitNews(
      () => find(this.inThreads(), wanted),
      () => `${this.name} to see ${String(wanted)} in a thread; there is:\n${listed(this.inThreads())}`,
    );
  }

  async seesModal(wanted: Anything): Promise<SimView> {
    return this.#await(
      () => (matches(this.#screen.modalText() ?? '', wanted) ? this.modal() : null),
      () => `${this.name} to see a modal with ${String(wanted)}; there is:\n${this.#screen.modalText() ?? '(none)'}`,
    );
  }

  /** What is visible now; for things that must not have happened, after something that comes later was seen. */
  doesNotSee(wanted: Anything): void {
    const seen = find(this.#screen.everything(), wanted);
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
    return this.#screen.inChannel(this.channel);
  }

  inThreads(): Seen[] {
    return this.#screen.inThreads();
  }

  inDm(): Seen[] {
    return this.#screen.inDm();
  }

  modal(): SimView | null {
    return this.#screen.modal();
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

  /** Presses Deny, and gives no reason. */
  async denies(): Promise<void> {
    await this.clicks('Deny');
    await this.submits();
  }

  canClick(label: string): boolean {
    return this.#screen.button(label) !== null;
  }

  /** Picks an option of the newest menu with this placeholder; the option's text may be cut short. */
  async picks(option: string, placeholder: string): Promise<void> {
    const look = () => this.#screen.menu(placeholder);
    const { found, place } = await this.#await(look, `${this.name} to find a menu "${placeholder}"`);
    const { actionId, blockId, options } = found;
    const { value = '' } = optionNamed(options, option);
    const outcome = await this.#slack.click(this.id, place, { actionId, blockId, value });
    if (!outcome.ok) throw new Error(`${this.name} picked "${option}" and Slack answered ${outcome.error}`);
  }

  /** Types into a field of the open modal that searches. Resolves with what is offered, to be picked by `submits`. */
  async searches(label: string, query: string): Promise<string[]> {
    const view = await this.#awaitModal();
    const { block, element } = field(view.view, label);
    const search = { blockId: block.block_id ?? '', actionId: element.action_id ?? '', query };
    const { options } = await this.#slack.suggest(this.id, { viewId: view.id }, search);
    this.#offered.set(label, options);
    return options.map(({ text }) => text.text);
  }

  /** Fills fields of the open modal by their labels and submits it. Resolves with the field errors Slack shows. */
  async submits(values: Record<string, string> = {}): Promise<Record<string, string>> {
    const view = await this.#awaitModal();
    const outcome = await this.#slack.submit(this.id, view.id, formState(view.view, values, this.#offered));
    if (!outcome.ok) throw new Error(`${this.name} submitted a modal and Slack answered ${outcome.error}`);
    return 'errors' in outcome ? outcome.errors : {};
  }

  /** An entry of Slack's own menus: on the newest message that holds the text, or from anywhere. */
  async chooses(name: string, on?: Anything): Promise<void> {
    const seen = on === undefined ? null : await this.sees(on);
    const place = seen && { channel: seen.message.channel, ts: seen.message.ts };
    const outcome = await this.#slack.choose({ userId: this.id, name, ...(place && { on: place }) });
    if (!outcome.ok) throw new Error(`${this.name} chose "${name}" and Slack answered ${outcome.error}`);
  }

  async closesModal(): Promise<void> {
    await this.#slack.closeModal(this.id, (await this.#awaitModal()).id);
  }

  async #awaitModal(): Promise<SimView> {
    return this.#await(() => this.modal(), `${this.name} to have a modal open`);
  }

  async #awaitButton(label: string, where: Beside): Promise<Found<ButtonSeen>> {
    return this.#await(() => this.#screen.button(label, where), `${this.name} to find a button "${label}"`);
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
      return await until(look, 'it', this.#patienceMs);
    } catch {
      const recent = listed(this.#screen.everything().slice(-6));
      const wanted = typeof what === 'string' ? what : what();
      throw new Error(`waited ${this.#patienceMs} ms for ${wanted}\nWhat ${this.name} sees last:\n${recent}`);
    }
  }
}
