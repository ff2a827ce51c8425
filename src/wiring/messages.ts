// Slack's Web API and the outbox on top of it, configured; the outbox remembers in Redis.
import { randomUUID } from 'node:crypto';
import { createLanes } from '../redis/lanes.ts';
import type { SecretRef, Secrets } from '../secrets/secrets.ts';
import { laneOf, newDelivery, type Delivery, type OutboxStore, type Pace } from '../slack/outbox-store.ts';
import { createOutbox } from '../slack/outbox.ts';
import type { DeliveringOutbox, Observe, OutboxDeps, Web } from '../slack/ports.ts';
import type { Outgoing } from '../slack/reply.ts';
import { createWeb } from '../slack/web.ts';
import type { Base } from './base.ts';
import type { Memory } from './memory.ts';

export function observeSlack({ metrics }: Base): Observe {
  return {
    ack: (kind, ms) => metrics.acks.observe({ kind }, ms / 1_000),
    call: (method, outcome) => metrics.slackCalls.inc({ method, outcome }),
  };
}

export function buildWeb(base: Base): Web {
  const { botToken, apiUrl } = base.config.slack;
  return createWeb({ ...base, botToken, apiUrl, observe: observeSlack(base) });
}

type OutboxParts = {
  memory: Memory;
  web: Web;
  secrets: Secrets;
  onUndeliverable: NonNullable<OutboxDeps['onUndeliverable']>;
};

export function buildOutbox(base: Base, { memory, web, secrets, onUndeliverable }: OutboxParts): DeliveringOutbox {
  const store: OutboxStore = createLanes<Outgoing, Delivery, Pace>({
    redis: memory.redis,
    keys: memory.keys,
    shape: {
      laneOf,
      split: ({ text, blocks, ...fixed }) => ({ fixed, content: { text, ...(blocks && { blocks }) } }),
      join: (fixed, content) => ({ ...fixed, ...content }) as Outgoing,
      newDelivery,
      newPace: () => ({ postAt: 0, editAt: 0 }),
    },
  });
  return createOutbox({ ...base, store, web, newId: randomUUID, onUndeliverable, secrets: toldOnce(secrets) });
}

/** A message's secret is kept for the person it goes to. */
function toldOnce(secrets: Secrets): NonNullable<OutboxDeps['secrets']> {
  const refOf = ({ to, teamId, secret: id }: Outgoing): SecretRef | null =>
    'userId' in to && id !== undefined ? { person: { teamId, userId: to.userId }, id } : null;
  return {
    async look(message) {
      const ref = refOf(message);
      return ref && ((await secrets.look(ref))?.value ?? null);
    },
    async delivered(message) {
      const ref = refOf(message);
      if (ref) await secrets.forget(ref);
    },
  };
}
