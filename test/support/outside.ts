// Everything the bot talks to, simulated: an identity provider, a cloud that trusts it, a Slack workspace. The same for
// journeys, process tests, benchmarks and the demo; the bot itself is configured by the environment they yield.
import type { Now } from '../../src/clock.ts';
import { CloudSimulator } from '../simulators/cloud/cloud-simulator.ts';
import type { CloudOptions } from '../simulators/cloud/options.ts';
import type { Seed } from '../simulators/cloud/seeds.ts';
import { startIdentitySimulator, type IdentitySimulator } from '../simulators/identity/server.ts';
import type { SlackSimulatorOptions } from '../simulators/slack/options.ts';
import { SlackSimulator } from '../simulators/slack/simulator.ts';

export type OutsideOptions = {
  /** Where the bot will listen. */
  botPort: number;
  now?: Now;
  cloud?: CloudOptions;
  slack?: Partial<SlackSimulatorOptions>;
};

export type Outside = {
  identity: IdentitySimulator;
  cloud: CloudSimulator;
  slack: SlackSimulator;
  /** What the bot needs to know of them; REDIS_URL is the caller's. */
  env: Record<string, string>;
  close(): Promise<void>;
};

const BOT_TOKEN = 'xoxb-flight-deck';
const SIGNING_SECRET = 'a signing secret for loopback only';
const CLIENT = { id: 'ecs-flight-deck', secret: 'client-secret' };

export const PEOPLE = [
  { id: 'U0ALICE', name: 'alice', realName: 'Alice Ahrens', timeZone: 'Europe/Berlin', isBot: false },
  { id: 'U0BOB', name: 'bob', realName: 'Bob Brandt', timeZone: 'America/New_York', isBot: false },
  { id: 'U0CAROL', name: 'carol', realName: 'Carol Castro', timeZone: 'Asia/Tokyo', isBot: false },
];

/** One project for everybody, so that nobody has to choose first; Carol may only look. */
const ROLES: Seed['users'] = [
  { name: 'alice', roles: { demo: 'member' } },
  { name: 'bob', roles: { demo: 'member' } },
  { name: 'carol', roles: { demo: 'reader' } },
  { name: 'admin', roles: { admin: 'admin' } },
];

const EVERYBODY = [...PEOPLE.map(({ id }) => id), 'U0BOT'];

export const CHANNELS: SlackSimulatorOptions['channels'] = [
  { id: 'C0OPS', name: 'ops', kind: 'channel', members: EVERYBODY },
  { id: 'C0WEB', name: 'web-team', kind: 'channel', members: EVERYBODY },
  { id: 'G0SECRET', name: 'incident-42', kind: 'private', members: PEOPLE.map(({ id }) => id) },
];

export const USAGE_HINT =
  'help | login | list | show web-1 | create web-9 | resize web-1 c1.2xlarge | requests | start | stop | reboot | delete | flavors | images | limits | keypair list | whoami';

export async function openOutside(options: OutsideOptions): Promise<Outside> {
  const { identity, cloud, ...trusting } = await openCloud(options);
  const { slack, env } = await openWorkspace(options);
  return {
    identity,
    cloud,
    slack,
    env: { ...env, ...trusting.env },
    async close() {
      await Promise.all([slack.close(), trusting.close()]);
    },
  };
}

/** The cloud alone and the identity provider it trusts, for a bot whose workspace is elsewhere. */
export async function openCloud({
  botPort,
  now = Date.now,
  cloud: change,
}: Omit<OutsideOptions, 'slack'>): Promise<Omit<Outside, 'slack'>> {
  const identity = await startIdentitySimulator({
    clients: [CLIENT],
    users: PEOPLE.map(({ name, realName }) => ({ login: name, name: realName })),
    redirectUris: [`${publicUrlOf(botPort)}/login/callback`],
  });
  const cloud = await CloudSimulator.start({
    now,
    idp: trust(identity),
    ...change,
    seed: { users: ROLES, ...change?.seed },
  });
  return {
    identity,
    cloud,
    env: { ...signInEnvironment(identity), OS_AUTH_URL: cloud.authUrl, POLL_INTERVAL: '0.05' },
    async close() {
      await Promise.all([cloud.close(), identity.close()]);
    },
  };
}

/** The Slack workspace alone, for a bot that has a cloud elsewhere. */
export async function openWorkspace({
  botPort,
  now = Date.now,
  slack: change = {},
}: Omit<OutsideOptions, 'cloud'>): Promise<Pick<Outside, 'slack' | 'env'>> {
  const publicUrl = publicUrlOf(botPort);
  const slack = await SlackSimulator.start({
    botToken: BOT_TOKEN,
    signingSecret: SIGNING_SECRET,
    appUrl: `${publicUrl}/slack/events`,
    users: PEOPLE,
    channels: CHANNELS,
    commands: [{ command: '/ecs', description: 'Elastic Cloud Servers', usageHint: USAGE_HINT }],
    now,
    ...change,
  });
  const env = {
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_API_URL: slack.apiUrl,
    HOST: '127.0.0.1',
    PORT: String(botPort),
    PUBLIC_URL: publicUrl,
    TOKEN_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
  };
  return { slack, env };
}

function publicUrlOf(botPort: number): string {
  return `http://127.0.0.1:${botPort}`;
}

/** People have the same login name at the identity provider and in the cloud. */
function trust(identity: IdentitySimulator): NonNullable<CloudOptions['idp']> {
  return {
    introspect: async (token) => named(await identity.introspect(token)),
    verifyIdToken: async (token) => named(await identity.verifyIdToken(token)),
  };
}

function named(person: { login: string } | null): { sub: string; name: string } | null {
  return person && { sub: person.login, name: person.login };
}

function signInEnvironment(identity: IdentitySimulator): Record<string, string> {
  return {
    OIDC_ISSUER_URL: identity.issuer,
    OIDC_CLIENT_ID: CLIENT.id,
    OIDC_CLIENT_SECRET: CLIENT.secret,
    OIDC_SCOPE: 'openid profile offline_access',
    OS_IDENTITY_PROVIDER: 'flight-idp',
    OS_PROTOCOL: 'openid',
  };
}
