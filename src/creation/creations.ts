// What the rest of the bot may do with creations: order a server, look, go on after a sign-in.
import type { RecordStore } from '../redis/record.ts';
import type { Person } from '../slack/reply.ts';
import { announce, type AnnounceDeps } from './announce.ts';
import { creationId } from './creation-id.ts';
import type { Creation, Spec } from './creation.ts';
import { HELD } from './store.ts';

export type OrderInput = {
  person: Person;
  /** Null: the card goes to the person's direct messages. */
  channelId: string | null;
  /** The same when the same click or line is worked a second time after a crash: then nothing is ordered twice. */
  interactionId: string;
  project: { id: string; name: string };
  region: string | null;
  /** Checked before, see check.ts. */
  spec: Spec;
};

export type Creations = {
  /** Posts the card and has the server made; which of that failed is told on the card. */
  order(input: OrderInput): Promise<Creation>;
  get(id: string): Promise<Creation | null>;
  /** Somebody has signed in or chosen a region: what waited for it goes on. */
  resume(person: Person): Promise<void>;
};

export type CreationsDeps = AnnounceDeps & {
  records: RecordStore<Creation>;
  /** Has the worker step it soon. */
  wake(id: string): Promise<void>;
  now: () => number;
  /** A fresh id that nobody else has, e.g. `crypto.randomUUID`. */
  randomId(): string;
};

/** More orders than this of the same name within a month are no accident. */
const MOST_NAMES = 10;

export function createCreations(deps: CreationsDeps): Creations {
  return {
    order: (input) => order(deps, input),
    get: (id) => deps.records.get(id),
    async resume({ teamId, userId }) {
      const held = await deps.records.many(await deps.records.members(HELD));
      const theirs = held.filter(({ requester }) => requester.teamId === teamId && requester.userId === userId);
      await Promise.all(
        theirs.map(async ({ id }) => {
          await deps.records.update(id, (stored) => ({ ...stored, due: deps.now(), version: stored.version + 1 }));
          await deps.wake(id);
        }),
      );
    },
  };
}

async function order(deps: CreationsDeps, input: OrderInput): Promise<Creation> {
  for (let attempt = 0; attempt < MOST_NAMES; attempt += 1) {
    const creation = newCreation(creationId(input.interactionId, attempt), input, {
      now: deps.now(),
      correlation: deps.randomId(),
    });
    const { created } = await deps.records.create(creation.id, creation);
    const stored = created ? creation : await deps.records.get(creation.id);
    if (stored?.askedBy !== input.interactionId) continue;
    await deps.wake(stored.id);
    return announce(stored, deps);
  }
  throw new Error('no free name for a creation found');
}

function newCreation(id: string, input: OrderInput, fresh: { now: number; correlation: string }): Creation {
  const { now, correlation } = fresh;
  const { person, channelId, interactionId, project, region, spec } = input;
  return {
    id,
    version: 1,
    askedBy: interactionId,
    correlation,
    requester: person,
    channelId,
    project: { id: project.id, name: project.name },
    region,
    spec,
    state: 'ordering',
    createdAt: now,
    intention: null,
    server: null,
    hasPassword: false,
    note: null,
    said: null,
    endedAt: null,
    revision: 1,
    announced: 0,
    due: now,
  };
}
