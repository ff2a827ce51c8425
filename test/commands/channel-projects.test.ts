import { expect, it } from 'vitest';
import { createChannelProjects } from '../../src/commands/channel-projects.ts';

it('a channel remembers its project until it is taken away, and other channels do not', async () => {
  const kept = new Map<string, string>();
  const projects = createChannelProjects(
    {
      get: async (key) => kept.get(key) ?? null,
      set: async (key, value) => Boolean(kept.set(key, value)),
      delete: async (key) => void kept.delete(key),
    },
    (teamId, channelId) => `${teamId}/${channelId}`,
  );
  await projects.set('T1', 'C1', 'p-1');
  expect(await projects.get('T1', 'C1')).toBe('p-1');
  expect(await projects.get('T1', 'C2')).toBeNull();
  expect(await projects.get('T2', 'C1')).toBeNull();
  await projects.set('T1', 'C1', null);
  expect(await projects.get('T1', 'C1')).toBeNull();
});
