// Sign-in, configured.
import { createAuth, redirectUri, type Auth } from '../auth/auth.ts';
import { createOidc } from '../auth/oidc.ts';
import type { Vault } from '../auth/vault.ts';
import type { Web } from '../slack/ports.ts';
import type { Person } from '../slack/reply.ts';
import type { Base } from './base.ts';
import type { CloudParts } from './cloud.ts';
import type { Memory } from './memory.ts';

type Parts = {
  memory: Memory;
  cloud: CloudParts;
  web: Web;
  vault: Vault;
  onSignedIn(person: Person): Promise<void>;
};

export function buildSignIn(base: Base, { memory, cloud, web, vault, onSignedIn }: Parts): Auth {
  const { config, now, pause } = base;
  const { keys, store, leases } = memory;
  const provider = { redirectUri: redirectUri(config.publicUrl), allowHttp: config.allowHttp };
  return createAuth({
    ...base,
    store,
    keys,
    leases,
    vault,
    cloud: cloud.side,
    connect: cloud.connect,
    oidc: config.oidc && createOidc({ ...config.oidc, ...provider }, { now, pause }),
    nameOf: async (person) => ({
      userName: await web.userName(person),
      teamName: await web.teamName(person.teamId),
    }),
    onSignedIn,
    settings: {
      publicUrl: config.publicUrl,
      command: config.slack.command,
      loginTtlMs: config.ttl.loginMs,
      region: config.cloud.region,
    },
  });
}
