// The project a channel works in, for everybody who has not chosen another one there.
import type { ChannelProjects } from './context.ts';

type Store = {
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<boolean>;
  delete(key: string): Promise<void>;
};

export function createChannelProjects(
  store: Store,
  keyOf: (teamId: string, channelId: string) => string,
): ChannelProjects {
  return {
    get: (teamId, channelId) => store.get(keyOf(teamId, channelId)),
    async set(teamId, channelId, projectId) {
      const key = keyOf(teamId, channelId);
      if (projectId === null) await store.delete(key);
      else await store.set(key, projectId);
    },
  };
}
