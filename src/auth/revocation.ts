// Ending what was issued to a person: every cloud token, and the identity provider's tokens where it takes them back.
import type { Log } from '../log.ts';
import type { CloudSide } from './cloud-side.ts';
import type { Oidc } from './oidc.ts';
import type { SessionRecord } from './record.ts';

export type RevocationDeps = { cloud: Pick<CloudSide, 'revoke'>; oidc: Pick<Oidc, 'revoke'> | null; log: Log };

export type Revoked = { revoked: number; failed: number };

/** Never throws: what could not be revoked is counted and logged. Tokens whose provider offers no revocation do not count. */
export async function revokeEverything(deps: RevocationDeps, record: SessionRecord): Promise<Revoked> {
  const [cloud, provider] = await Promise.all([
    revokeCloudTokens(deps, cloudTokens(record)),
    revokeProviderTokens(deps, record),
  ]);
  return { revoked: cloud.revoked + provider.revoked, failed: cloud.failed + provider.failed };
}

/** Revoking one token leaves its parent and children alive (ecs-api A.4), so each is named. */
export function cloudTokens(record: SessionRecord): string[] {
  const unscoped = record.unscoped === null ? [] : [record.unscoped];
  return [...Object.values(record.scoped), ...unscoped].map((token) => token.value);
}

export async function revokeCloudTokens(deps: RevocationDeps, tokens: readonly string[]): Promise<Revoked> {
  return count(
    deps,
    tokens.map(async (token) => deps.cloud.revoke(token).then(() => true)),
  );
}

async function revokeProviderTokens({ oidc, ...deps }: RevocationDeps, record: SessionRecord): Promise<Revoked> {
  if (oidc === null || record.credential?.kind !== 'oidc') return { revoked: 0, failed: 0 };
  const { refreshToken, accessToken } = record.credential;
  return count(deps, [
    ...(refreshToken === null ? [] : [oidc.revoke(refreshToken, 'refresh_token')]),
    oidc.revoke(accessToken, 'access_token'),
  ]);
}

async function count({ log }: { log: Log }, attempts: Promise<boolean>[]): Promise<Revoked> {
  const outcomes = await Promise.allSettled(attempts);
  const failures = outcomes.filter((outcome) => outcome.status === 'rejected');
  for (const { reason } of failures) log.warn({ err: reason }, 'a token could not be revoked');
  const revoked = outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value).length;
  return { revoked, failed: failures.length };
}
