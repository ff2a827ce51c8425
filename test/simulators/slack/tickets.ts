// The two short-lived passes Slack hands to an app: trigger_id and response_url.
import type { Now } from '../../../src/clock.ts';

const TRIGGER_LIFE_MS = 3_000;
const RESPONSE_URL_LIFE_MS = 30 * 60_000;
const RESPONSE_URL_USES = 5;

/** Whose click or command it was, and the modal it happened in, if any. */
export type TriggerFor = { userId: string; viewId: string | null };

type Trigger = TriggerFor & { issuedAt: number; used: boolean };

export type TriggerError = 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id';

export type Source = { now: Now; random: () => string };

export class Triggers {
  readonly #issued = new Map<string, Trigger>();
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  issue(owner: TriggerFor): string {
    const id = `${this.#issued.size + 1}.${Math.floor(this.#source.now() / 1000)}.${this.#source.random()}`;
    this.#issued.set(id, { ...owner, issuedAt: this.#source.now(), used: false });
    return id;
  }

  /** Looks without using it up: a refused view leaves the trigger usable. */
  check(id: string): TriggerFor | TriggerError {
    const trigger = this.#issued.get(id);
    if (trigger === undefined) return 'invalid_trigger_id';
    if (trigger.used) return 'exchanged_trigger_id';
    return this.#source.now() - trigger.issuedAt > TRIGGER_LIFE_MS ? 'expired_trigger_id' : trigger;
  }

  use(id: string): void {
    const trigger = this.#issued.get(id);
    if (trigger !== undefined) trigger.used = true;
  }
}

/** What an answer to the address relates to. `ts` is the message that was clicked. */
export type ResponseFor = {
  origin: 'command' | 'message' | 'view';
  userId: string;
  channelId: string;
  ts: string | null;
  threadTs: string | null;
};

type ResponseUrl = ResponseFor & { issuedAt: number; uses: number };

export class ResponseUrls {
  readonly #issued = new Map<string, ResponseUrl>();
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  /** The last path segment of the address. */
  issue(owner: ResponseFor): string {
    const id = `${this.#issued.size + 1}-${this.#source.random()}`;
    this.#issued.set(id, { ...owner, issuedAt: this.#source.now(), uses: 0 });
    return id;
  }

  take(id: string): ResponseFor | 'invalid_url' | 'used_url' | 'expired_url' {
    const issued = this.#issued.get(id);
    if (issued === undefined) return 'invalid_url';
    if (this.#source.now() - issued.issuedAt > RESPONSE_URL_LIFE_MS) return 'expired_url';
    if (issued.uses >= RESPONSE_URL_USES) return 'used_url';
    issued.uses += 1;
    return issued;
  }
}
