// A server on its way from the order to ACTIVE or ERROR: one record, changed only by `advance` and `settle`.
import type { Person } from '../slack/reply.ts';
import type { Away } from '../workflow/way-in.ts';

/** What exactly is ordered; names are for people, ids for the cloud. */
export type Spec = {
  name: string;
  flavor: { id: string; name: string; vcpus: number; ramMiB: number };
  image: { id: string; name: string };
  /** Null: the cloud takes the project's only one. */
  network: { id: string; name: string } | null;
  keyName: string | null;
  zone: string | null;
  /** A disk made from the image that goes with the server. Null: the flavor's own, on clouds without a disk service. */
  disk: { sizeGiB: number; type: string | null } | null;
};

/**
 * - `ordering`: the cloud is to be asked, or was and nobody knows yet whether it took the order.
 * - `building`: there is a server, and the cloud works on it.
 * - `active`, `error`: how that ended. `failed`: there is no server.
 */
export type CreationState = 'ordering' | 'building' | 'active' | 'error' | 'failed';

/**
 * What came back from an order that was not taken.
 * - `later`: certainly not carried out, ask again.
 * - `lost`: no answer, or one that says nothing: look for the server before asking again.
 */
export type OrderAnswer = { kind: 'later' | 'lost'; at: number; said: string | null };

/** Saved before the order is sent. With `answer` null nobody knows whether it was. Times in ms since the epoch. */
export type Intention = { at: number; attempt: number; answer: OrderAnswer | null };

/** Why nothing moves just now; shown on the card. */
export type Note =
  | { kind: 'signed_out'; since: number }
  | { kind: 'other_region'; since: number }
  /** Without `away`: the cloud. */
  | { kind: 'cloud_away'; since: number; away?: Away }
  | { kind: 'uncertain'; since: number }
  | { kind: 'retrying'; since: number; said: string | null }
  | { kind: 'slow'; since: number };

/** The server as it was seen last. */
export type Built = { id: string; status: string; task: string | null; addresses: string[] };

export type Creation = {
  /** As people see it, e.g. `C-7KQ2MN`. */
  id: string;
  /** Counts saves; a step made from an older one is dropped. */
  version: number;
  /** Which click or line asked for it: the same one, worked a second time after a crash, finds this record. */
  askedBy: string;
  /** In the server's metadata, so that it is found again when the answer was lost. */
  correlation: string;
  requester: Person;
  /** Where its card is; null: in the requester's direct messages. */
  channelId: string | null;
  project: { id: string; name: string };
  region: string | null;
  spec: Spec;
  state: CreationState;
  createdAt: number;
  intention: Intention | null;
  server: Built | null;
  /** The cloud gave it a first password, which is kept for the requester until the server is ready. */
  hasPassword: boolean;
  note: Note | null;
  /** How it ended, where that needs words: the cloud's own fault or refusal, or our sentence. */
  said: string | null;
  endedAt: number | null;
  /** Counts changes that people can see, and the newest of them that the outbox has been given. */
  revision: number;
  announced: number;
  /** When somebody must look again, ms since the epoch; null: never. */
  due: number | null;
};

export function isOver({ state }: Pick<Creation, 'state'>): boolean {
  return state === 'active' || state === 'error' || state === 'failed';
}

/** The next version, nothing new on the card. */
export function quietly(creation: Creation, set: Partial<Creation>): Creation {
  return { ...creation, ...set, version: creation.version + 1 };
}

/** The next version, and the card is to be shown anew. */
export function visibly(creation: Creation, set: Partial<Creation>): Creation {
  return { ...quietly(creation, set), revision: creation.revision + 1 };
}
