import { describe, expect, it } from 'vitest';
import { createVault, parseTokenKeys, type Vault } from '../src/auth/vault.ts';
import { createInbox, type SealedInteraction } from '../src/inbox.ts';
import type { CommandInteraction, Interaction, Outgoing } from '../src/slack/reply.ts';

const ALICE = { teamId: 'T1', userId: 'UALICE' };
const KEYS = {
  old: `old:${Buffer.alloc(32, 1).toString('base64')}`,
  new: `new:${Buffer.alloc(32, 2).toString('base64')}`,
};
const vaultOf = (keys: string) => createVault(parseTokenKeys(keys));

const TYPED: CommandInteraction = {
  kind: 'command',
  id: 'command:T1:UALICE:1.2',
  person: ALICE,
  receivedAt: 0,
  command: '/ecs',
  text: 'resize web-1 s3.large.2',
  channelId: 'C0OPS',
  responseUrl: 'https://slack/r',
  triggerId: '1.2',
};

/** What is recorded waits until `work`; the next process may have other keys. */
function createScene() {
  const recorded: [id: string, sealed: SealedInteraction][] = [];
  const performed: Interaction[] = [];
  const told: Outgoing[] = [];
  const start = (vault: Vault) => {
    let process: (id: string, sealed: SealedInteraction) => Promise<void> = async () => undefined;
    const inbox = createInbox({
      vault,
      openQueue(work) {
        process = work;
        return { add: async (id, sealed) => void recorded.push([id, sealed]), close: async () => undefined };
      },
      perform: async (interaction) => void performed.push(interaction),
      outbox: { put: async (messages) => void told.push(...messages) },
    });
    inbox.start();
    return { inbox, work: async () => Promise.all(recorded.map(async ([id, sealed]) => process(id, sealed))) };
  };
  return { start, recorded, performed, told };
}

describe('the inbox', () => {
  it('works off what another process recorded, and keeps it sealed until then', async () => {
    const { start, recorded, performed, told } = createScene();
    await start(vaultOf(KEYS.old)).inbox.put(TYPED);
    expect(JSON.stringify(recorded)).not.toContain('web-1');
    await start(vaultOf(`${KEYS.new},${KEYS.old}`)).work();
    expect(performed).toEqual([TYPED]);
    expect(told).toEqual([]);
  });

  it('tells whoever it was that something cannot be read any more, and to ask again', async () => {
    const { start, performed, told } = createScene();
    await start(vaultOf(KEYS.old)).inbox.put(TYPED);
    await expect(start(vaultOf(KEYS.new)).work()).rejects.toThrow('cannot be opened');
    expect(performed).toEqual([]);
    expect(told).toEqual([
      {
        key: 'inbox:command:T1:UALICE:1.2',
        teamId: 'T1',
        to: { userId: 'UALICE' },
        text: 'I had taken something down that you asked of me, and can no longer read it, because the key to it was withdrawn. Look whether anything has come of it, then ask again.',
      },
    ]);
  });
});
