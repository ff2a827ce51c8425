// A real OpenID provider (npm oidc-provider) on loopback, with people to sign in as instead of passwords.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import { configure, describe } from './configuration.ts';
import { createHandler } from './interactions.ts';
import { createSigner } from './signing.ts';
import { createProviderStore } from './store.ts';
import type { Identified, IdentitySettings, IdentitySimulator, IdentityUser } from './types.ts';

export type { Identified, IdentityClient, IdentitySettings, IdentitySimulator, IdentityUser } from './types.ts';

const ACCESS_TOKEN_SECONDS = 3600;

export async function startIdentitySimulator(settings: IdentitySettings): Promise<IdentitySimulator> {
  const server = createServer();
  const issuer = await listen(server, settings.port ?? 0);
  const accessTokenSeconds = settings.accessTokenSeconds ?? ACCESS_TOKEN_SECONDS;
  const store = createProviderStore();
  const signer = createSigner(issuer);
  const configuration = configure({ ...settings, accessTokenSeconds }, { store, signer });
  const provider = new Provider(issuer, configuration);
  const state: { broken: number | null; refreshes: number } = { broken: null, refreshes: 0 };
  provider.on('grant.success', (context) => {
    if (isRefresh(context)) state.refreshes += 1;
  });
  const serve = createHandler({ provider, settings });
  server.on('request', (request, response) => {
    if (state.broken === null) void serve(request, response);
    else response.writeHead(state.broken).end();
  });
  return {
    issuer,
    accessTokenSeconds,
    introspect: async (token) => identifyAccess(await provider.AccessToken.find(token), settings.users),
    verifyIdToken: (token) => Promise.resolve(identifyId(signer.verify(token), settings)),
    endSignIns: (login) => store.endGrants(login),
    breakWith: (status) => void (state.broken = status),
    refreshes: () => state.refreshes,
    close: () => close(server),
  };
}

function isRefresh(context: unknown): boolean {
  const { oidc } = context as { oidc: { params: { grant_type?: string } } };
  return oidc.params.grant_type === 'refresh_token';
}

function identifyAccess(
  token: { accountId: string; clientId: string; isValid: boolean } | undefined,
  users: readonly IdentityUser[],
): Identified | null {
  const user = token?.isValid ? users.find((one) => one.login === token.accountId) : undefined;
  return token && user ? { ...describe(user), clientId: token.clientId } : null;
}

function identifyId(claims: { sub: string; aud: string } | null, settings: IdentitySettings): Identified | null {
  const user = settings.users.find((one) => one.login === claims?.sub);
  const client = settings.clients.find((one) => one.id === claims?.aud);
  return user && client ? { ...describe(user), clientId: client.id } : null;
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
