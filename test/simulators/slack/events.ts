// The Events API: every event until the app takes it, at most three more times.
import type { Settings } from './options.ts';
import { eventPayload, type Payload } from './payloads.ts';
import type { Answer, Sender } from './sender.ts';

type Pending = { payload: Payload; attempt: number; due: number; reason: string };

export class Events {
  readonly #settings: Settings;
  readonly #sender: Sender;
  #pending: Pending[] = [];
  #timer: NodeJS.Timeout | null = null;
  #count = 0;

  constructor(settings: Settings, sender: Sender) {
    this.#settings = settings;
    this.#sender = sender;
  }

  /** Resolves after the first attempt; retries go on by the workspace's clock. */
  async emit(event: Payload & { type: string }, subscribedAs: string = event.type): Promise<void> {
    if (!this.#settings.events.has(subscribedAs)) return;
    this.#count += 1;
    const eventId = `Ev${String(this.#count).padStart(9, '0')}`;
    const payload = eventPayload(event, { eventId, at: this.#settings.now() }, this.#settings);
    await this.#attempt({ payload, attempt: 0, due: 0, reason: '' });
  }

  async #attempt({ payload, attempt, reason }: Pending): Promise<void> {
    const retry = attempt === 0 ? {} : { retry: { num: attempt, reason } };
    const sentAt = this.#settings.now();
    const answer = await this.#sender.send({ kind: 'event', payload, ...retry });
    const failure = failureOf(answer);
    const wait = this.#settings.eventRetriesMs[attempt];
    if (failure === null || wait === undefined) return;
    this.#pending.push({ payload, attempt: attempt + 1, due: sentAt + wait, reason: failure });
    this.#timer ??= setInterval(() => this.#sendDue(), this.#settings.tickMs);
  }

  #sendDue(): void {
    const now = this.#settings.now();
    const due = this.#pending.filter((pending) => pending.due <= now);
    this.#pending = this.#pending.filter((pending) => pending.due > now);
    for (const pending of due) void this.#attempt(pending);
    if (this.#pending.length === 0) this.close();
  }

  /** Forgets what is still to be repeated. */
  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#pending = [];
  }
}

/** Slack's `x-slack-retry-reason`; null when the event was taken or the app wants no more of it. */
function failureOf(answer: Answer): string | null {
  if (answer.kind === 'timeout') return 'http_timeout';
  if (answer.kind === 'unreachable') return 'connection_failed';
  if (answer.status >= 200 && answer.status < 300) return null;
  return answer.headers['x-slack-no-retry'] === '1' ? null : 'http_error';
}
