// One-time secrets, configured: kept in Redis, shown on a page of ours or in a direct message.
import { randomBytes } from 'node:crypto';
import type { Vault } from '../auth/vault.ts';
import type { HttpRoute } from '../http.ts';
import { secretRoutes } from '../secrets/pages.ts';
import { createSecrets, type Secrets } from '../secrets/secrets.ts';
import type { Web } from '../slack/ports.ts';
import type { Base } from './base.ts';
import type { Memory } from './memory.ts';

export type SecretParts = { secrets: Secrets; routes: HttpRoute[] };

export function buildSecrets(
  { config, log, now }: Base,
  { memory, vault, web }: { memory: Memory; vault: Vault; web: Web },
): SecretParts {
  const { publicUrl } = config;
  // Whoever is quick enough to sign in is quick enough to save a key.
  const linkTtlMs = config.ttl.loginMs;
  const secrets = createSecrets({ ...memory, vault, log, now, publicUrl, linkTtlMs, randomSecret });
  const routes = secretRoutes({
    secrets,
    nameOf: async (person) => ({
      userName: await web.userName(person),
      teamName: await web.teamName(person.teamId),
    }),
    log,
    publicUrl,
    command: config.slack.command,
    linkTtlMs,
    randomSecret,
  });
  return { secrets, routes };
}

function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}
