// How oidc-provider is set up: people by name instead of password, no consent page, rotating refresh tokens.
import type { Provider } from 'oidc-provider';
import { renderProblem } from './pages.ts';
import type { Signer } from './signing.ts';
import type { ProviderStore } from './store.ts';
import type { IdentitySettings, IdentityUser } from './types.ts';

const DAY_SECONDS = 86_400;

type Full = IdentitySettings & { accessTokenSeconds: number };

/** https://github.com/panva/node-oidc-provider/blob/main/docs/README.md */
export function configure(
  settings: Full,
  { store, signer }: { store: ProviderStore; signer: Signer },
): Record<string, unknown> {
  return {
    adapter: store.adapter,
    clients: settings.clients.map(({ id, secret }) => ({
      client_id: id,
      client_secret: secret,
      redirect_uris: settings.redirectUris,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      id_token_signed_response_alg: 'ES256',
    })),
    jwks: { keys: [signer.privateJwk] },
    cookies: { keys: ['a-key-for-cookies-of-the-simulator'] },
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email'], groups: ['groups'] },
    scopes: ['openid', 'profile', 'email', 'groups', 'offline_access'],
    // Clouds read the claims from the ID token itself; by the letter of the standard they would be at userinfo only.
    conformIdTokenClaims: false,
    findAccount: (_context: unknown, login: string) => findAccount(settings.users, login),
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    loadExistingGrant: grantEverything,
    issueRefreshToken: () => true,
    rotateRefreshToken: () => true,
    expiresWithSession: () => false,
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: settings.offersRevocation !== false, allowedPolicy: () => true },
    },
    renderError: (context: { type: string; body: string }, out: { error: string }) => {
      context.type = 'html';
      context.body = renderProblem(out.error);
    },
    ttl: {
      AccessToken: settings.accessTokenSeconds,
      IdToken: settings.accessTokenSeconds,
      AuthorizationCode: 60,
      Interaction: 600,
      RefreshToken: DAY_SECONDS,
      Session: DAY_SECONDS,
      Grant: DAY_SECONDS,
    },
  };
}

function findAccount(users: readonly IdentityUser[], login: string): object | undefined {
  const user = users.find((one) => one.login === login);
  if (user === undefined) return undefined;
  const { name, email, groups } = describe(user);
  return {
    accountId: login,
    claims: () => Promise.resolve({ sub: login, preferred_username: login, name, email, groups }),
  };
}

export function describe(user: IdentityUser): { login: string; name: string; email: string; groups: string[] } {
  const { login, name } = user;
  return { login, name, email: user.email ?? `${login}@example.test`, groups: user.groups ?? [] };
}

type GrantContext = {
  oidc: {
    provider: Provider;
    client: { clientId: string };
    session: { accountId: string; grantIdFor(clientId: string): string | undefined };
    params: { scope: string };
    result?: { consent?: { grantId?: string } };
  };
};

/** Nobody is asked for consent. A session has one grant per client: sign-ins that share it end together. */
async function grantEverything({ oidc }: GrantContext): Promise<unknown> {
  const { clientId } = oidc.client;
  const earlier = oidc.session.grantIdFor(clientId);
  const found = earlier === undefined ? undefined : await oidc.provider.Grant.find(earlier);
  if (found !== undefined) return found;
  const grant = new oidc.provider.Grant({ accountId: oidc.session.accountId, clientId });
  grant.addOIDCScope(oidc.params.scope);
  await grant.save();
  return grant;
}
