// What people did and we must not lose: recorded before the ack, sealed (forms can hold secrets), worked off by any replica.
import { personContext, type Vault } from './auth/vault.ts';
import type { Inbox, Interaction, Person } from './slack/reply.ts';

type Queue = { add(id: string, sealed: SealedInteraction): Promise<void>; close(): Promise<void> };

export type SealedInteraction = { person: Person; sealed: string };

type Deps = {
  vault: Vault;
  openQueue(process: (id: string, recorded: SealedInteraction) => Promise<void>): Queue;
  /** Runs it and shows the answer; must bear being run twice, since a process can die in between. */
  perform(interaction: Interaction): Promise<void>;
};

export type RecordingInbox = Inbox & {
  /** Begins to work off what is recorded. */
  start(): void;
  close(): Promise<void>;
};

/** The queue drops an id it has seen within a day: a delivery that Slack repeats is recorded once. */
export function createInbox({ vault, openQueue, perform }: Deps): RecordingInbox {
  let queue: Queue | null = null;
  return {
    start() {
      queue = openQueue(async (_id, { person, sealed }) => {
        await perform(JSON.parse(vault.open(sealed, contextOf(person))) as Interaction);
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

/** Binds the sealed text to its person: another's, put in its place, does not open. */
function contextOf(person: Person): string {
  return personContext(person, 'inbox');
}
