import { describe, expect, it } from 'vitest';
import type { Leases } from '../../src/redis/lease.ts';
import { createServerLocks } from '../../src/resize/server-locks.ts';

const ALICE = { teamId: 'T1', userId: 'UALICE' };
const HOLDER = { what: 'stopping it', by: ALICE };

function leased({ held = true }: { held?: boolean } = {}) {
  const seen = { names: [] as string[], released: 0 };
  const leases: Leases = {
    acquire: async (name) => {
      seen.names.push(name);
      return {
        name,
        token: 't',
        stillHeld: async () => held,
        release: async () => void (seen.released += 1),
      };
    },
  };
  return { seen, locks: createServerLocks(leases) };
}

describe('a server that one action has to itself', () => {
  it('is held by the name that a resize holds it by, and let go whatever happens', async () => {
    const { seen, locks } = leased();
    expect(await locks.exclusively('s-1', HOLDER, async (held) => held.confirm().then(() => 'done'))).toBe('done');
    await expect(locks.exclusively('s-1', HOLDER, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    expect(seen).toEqual({ names: ['server:s-1', 'server:s-1'], released: 2 });
  });

  it('is not touched by whoever has lost it on the way', async () => {
    const { seen, locks } = leased({ held: false });
    await expect(locks.exclusively('s-1', HOLDER, async (held) => held.confirm())).rejects.toMatchObject({
      code: 'busy',
      message: 'That took too long, and somebody else may be at this server by now: nothing was done. Try again.',
    });
    expect(seen.released).toBe(1);
  });

  it('says who holds it and for what', async () => {
    const locks = createServerLocks({ acquire: async () => ({ heldBy: 'rebooting it by user UBOB' }) });
    await expect(locks.exclusively('s-1', HOLDER, async () => 'done')).rejects.toMatchObject({
      code: 'busy',
      message: expect.stringContaining('rebooting it by user UBOB') as string,
    });
  });
});
