// What people did and we must not lose: recorded before the ack, sealed (forms can hold secrets), worked off by any replica.
import { personContext, type Vault, VaultError } from './auth/vault.ts';
import type { Inbox, Interaction, Outbox, Outgoing, Person } from './slack/reply.ts';

type Queue = { add(id: string, sealed: SealedInteraction): Promise<void>; close(): Promise<void> };

export type SealedInteraction = { person: Person; sealed: string };

type Deps = {
  vault: Vault;
  openQueue(process: (id: string, recorded: SealedInteraction) => Promise<void>): Queue;
  /** Runs it and shows the answer; must bear being run twice, since a process can die in between. */
  perform(interaction: Interaction): Promise<void>;
  outbox: Outbox;
};

export type RecordingInbox = Inbox & {
  /** Begins to work off what is recorded. */
  start(): void;
  close(): Promise<void>;
};

/** The queue drops an id it has seen within a day: a delivery that Slack repeats is recorded once. */
export function createInbox(deps: Deps): RecordingInbox {
  const { vault } = deps;
  let queue: Queue | null = null;
  return {
    start() {
      queue = deps.openQueue(async (id, recorded) => {
        await deps.perform(await open(deps, id, recorded));
      });
    },
    async put(interaction) {
      const { id, person } = interaction;
      if (!queue) throw new Error('the inbox is not open yet');
      await queue.add(id, { person, sealed: vault.seal(JSON.stringify(interaction), contextOf(person)) });
      return 'recorded';
    },
    close: async () => queue?.close(),
  };
}

/** Throws VaultError when it cannot be read any more; whoever waits for an answer has been told then. */
async function open({ vault, outbox }: Deps, id: string, { person, sealed }: SealedInteraction): Promise<Interaction> {
  try {
    return JSON.parse(vault.open(sealed, contextOf(person))) as Interaction;
  } catch (error) {
    if (error instanceof VaultError) await outbox.put([unreadable(id, person)]);
    throw error;
  }
}

/** By direct message: where they asked is inside what cannot be read. */
function unreadable(id: string, { teamId, userId }: Person): Outgoing {
  const text =
    'I had taken something down that you asked of me, and can no longer read it, because the key to it was withdrawn. Look whether anything has come of it, then ask again.';
  return { key: `inbox:${id}`, teamId, to: { userId }, text };
}

/** Binds the sealed text to its person: another's, put in its place, does not open. */
function contextOf(person: Person): string {
  return personContext(person, 'inbox');
}
