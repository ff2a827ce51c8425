// Where the simulated provider keeps sessions, grants and tokens: memory, with a way to end a person's grants from outside.

type Payload = { accountId?: string; grantId?: string; uid?: string; consumed?: number };
type Entry = { payload: Payload; expiresAt: number };

export type ProviderStore = {
  /** What oidc-provider calls an adapter factory. */
  adapter(model: string): object;
  /** Everything granted to the account is gone, as when an administrator ends its sessions. */
  endGrants(accountId: string): void;
};

export function createProviderStore(): ProviderStore {
  const entries = new Map<string, Entry>();
  return {
    adapter: (model) => createAdapter(entries, model),
    endGrants(accountId) {
      removeWhere(entries, (payload) => payload.accountId === accountId);
    },
  };
}

/** https://github.com/panva/node-oidc-provider/blob/main/example/my_adapter.js lists what is asked of it. */
function createAdapter(entries: Map<string, Entry>, model: string): object {
  const key = (id: string) => `${model}:${id}`;
  const find = (id: string) => Promise.resolve(alive(entries, key(id)));
  return {
    find,
    findByUid: (uid: string) => Promise.resolve(findWhere(entries, `${model}:`, (payload) => payload.uid === uid)),
    findByUserCode: () => Promise.resolve(undefined),
    upsert(id: string, payload: Payload, seconds: number | undefined): Promise<void> {
      const expiresAt = seconds === undefined ? Infinity : Date.now() + seconds * 1000;
      entries.set(key(id), { payload, expiresAt });
      return Promise.resolve();
    },
    consume(id: string): Promise<void> {
      const entry = entries.get(key(id));
      if (entry) entry.payload.consumed = Math.floor(Date.now() / 1000);
      return Promise.resolve();
    },
    destroy(id: string): Promise<void> {
      entries.delete(key(id));
      return Promise.resolve();
    },
    revokeByGrantId(grantId: string): Promise<void> {
      removeWhere(entries, (payload) => payload.grantId === grantId);
      return Promise.resolve();
    },
  };
}

function alive(entries: Map<string, Entry>, key: string): Payload | undefined {
  const entry = entries.get(key);
  if (entry && entry.expiresAt > Date.now()) return entry.payload;
  entries.delete(key);
  return undefined;
}

function findWhere(entries: Map<string, Entry>, prefix: string, is: (payload: Payload) => boolean) {
  for (const [key, entry] of entries) if (key.startsWith(prefix) && is(entry.payload)) return alive(entries, key);
  return undefined;
}

function removeWhere(entries: Map<string, Entry>, is: (payload: Payload) => boolean): void {
  for (const [key, entry] of entries) if (is(entry.payload)) entries.delete(key);
}
