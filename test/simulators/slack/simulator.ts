// A strict simulated Slack workspace: Web API, signed deliveries, and the people in front of the screen.
import { EventEmitter } from 'node:events';
import type { FormState, Outcome, PersonView, Place, SimMessage, SubmitOutcome } from './control-api.ts';
import { Faults } from './faults.ts';
import type { Call, Delivery, Refusal } from './journal.ts';
import type { SlackSimulatorOptions } from './options.ts';
import type { PlainTextOption } from '@slack/types';

/** What a person does to one element. `value` picks an option (or a user id, a date); buttons carry their own. */
export type Click = { blockId?: string; actionId: string; value?: string; values?: FormState };

/**
 * A person can only do what a real client lets them: clicking a button that is not there throws `ImpossibleAction`.
 * Every method that reaches the app resolves after the app's ack (or its absence), as the person would see it.
 */
export class SlackSimulator extends EventEmitter<{ changed: [version: number] }> {
  /** Root of the control API and the demo page, without a trailing slash. */
  readonly url: string = '';
  /** For `slackApiUrl`. */
  readonly apiUrl: string = '';
  readonly faults: Faults = new Faults();
  readonly calls: Call[] = [];
  readonly deliveries: Delivery[] = [];
  readonly refusals: Refusal[] = [];

  static async start(_options: SlackSimulatorOptions): Promise<SlackSimulator> {
    return Promise.reject(new Error('being built'));
  }
  /** Sockets the app has opened to the Web API and response_urls. */
  get connections(): number {
    return 0;
  }
  connectApp(_appUrl: string): void {}
  close(): Promise<void> {
    return Promise.resolve();
  }
  /** A slash command when it begins with `/`, else a message. */
  say(_userId: string, _channelId: string, _text: string): Promise<Outcome> {
    throw new Error('being built');
  }
  reply(_userId: string, _thread: { channel: string; ts: string }, _text: string): Promise<Outcome> {
    throw new Error('being built');
  }
  click(_userId: string, _place: Place, _click: Click): Promise<Outcome> {
    throw new Error('being built');
  }
  /** `values` are laid over what the form already holds. */
  submit(_userId: string, _viewId: string, _values: FormState): Promise<SubmitOutcome> {
    throw new Error('being built');
  }
  closeModal(_userId: string, _viewId: string): Promise<Outcome> {
    throw new Error('being built');
  }
  suggest(
    _userId: string,
    _place: Place,
    _search: { blockId?: string; actionId: string; query: string },
  ): Promise<{ options: PlainTextOption[] }> {
    throw new Error('being built');
  }
  openHome(_userId: string): Promise<Outcome> {
    throw new Error('being built');
  }
  view(_userId: string): PersonView {
    throw new Error('being built');
  }
  /** Everything in a channel, other people's ephemeral messages too, oldest first. */
  messages(_channelId: string): SimMessage[] {
    return [];
  }
  /** Resolves with the first truthy value of `predicate`; rejects naming `what` after `limitMs` (real, default 5,000). */
  waitFor<T>(_predicate: () => T | null | undefined | false, _what: string, _limitMs?: number): Promise<T> {
    throw new Error('being built');
  }
  /** Sends Slack's unsigned `ssl_check=1`; the app's HTTP status. */
  sslCheck(): Promise<number> {
    throw new Error('being built');
  }
  /** Sends the signed `url_verification` challenge; true when it was echoed. */
  verifyRequestUrl(): Promise<boolean> {
    throw new Error('being built');
  }
  /** tokens_revoked, app_uninstalled; every later call answers `token_revoked`. */
  uninstall(): Promise<void> {
    throw new Error('being built');
  }
}
