// A whole working day at LOG_LEVEL=trace, with everything going wrong once; then everything the bot has printed, sent to Slack
// or to Redis is searched for whatever was secret that day.
import { expect, it } from 'vitest';
import { createVault, parseTokenKeys, personContext, VaultError } from '../../src/auth/vault.ts';
import { openRedisTap, type RedisTap } from '../figures/redis-tap.ts';
import { startBot } from '../support/bot-process.ts';
import { openOutside, PEOPLE, type Outside } from '../support/outside.ts';
import { freePort, startRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';
import { Citizen, codeOn } from '../support/world.ts';

const PREFIX = '{day}:';

it('no secret of a day is printed, told to Slack, or given to Redis unsealed', async () => {
  const botPort = await freePort();
  const [redis, outside] = await Promise.all([startRedis(), openOutside({ botPort })]);
  const tap = await openRedisTap(redis.url);
  const env = { ...outside.env, REDIS_URL: tap.url, REDIS_PREFIX: PREFIX, LOG_LEVEL: 'trace' };
  const bot = await startBot(env);
  const told = await workingDay(outside);
  const redisHeard = () => tap.flights.flatMap(({ commands }) => commands.flat());
  await until(() => redisHeard().some((word) => word.includes('succeeded')), 'the resize to be over');
  expect(await bot.stop()).toBe(0);

  const secrets = [...told, ...configured(env), ...sealed(tap, env), ...delivered(outside)];
  const places = {
    log: bot.log(),
    redis: redisHeard().join('\n'),
    slack: JSON.stringify(outside.slack.calls.map(({ args }) => args)),
  };
  // What the search itself relies on.
  expect(places.log).toContain('"msg":"cloud call"');
  expect(places.redis).toContain('v1.k1.');
  for (const kind of KINDS) expect(secrets.filter(({ text }) => text !== '').map((one) => one.kind)).toContain(kind);

  const found = secrets.flatMap(({ kind, text, mayBeIn }) =>
    Object.entries(places)
      .filter(([place, content]) => place !== mayBeIn && holds(content, text))
      .map(([place]) => `${kind} in ${place}`),
  );
  expect([...new Set(found)]).toEqual([]);
  // Whatever the identity provider signed.
  for (const content of Object.values(places)) expect(content).not.toMatch(/eyJ[\w-]{10,}\.[\w-]{10,}/);

  await Promise.all([tap.close(), outside.close(), redis.close()]);
}, 90_000);

type Secret = { kind: string; text: string; mayBeIn?: 'slack' };

const KINDS = [
  'application credential',
  'authorization code',
  'bot token',
  'client secret',
  'cloud token',
  'code',
  'link',
  'nonce',
  'provider token',
  'response_url',
  'signing secret',
  'state',
  'token key',
  'verifier',
];

/** Digits may be part of any number or id. */
function holds(content: string, text: string): boolean {
  return /^\d+$/.test(text) ? new RegExp(`(?<![\\w-])${text}(?![\\w-])`).test(content) : content.includes(text);
}

/** What the people themselves saw or typed. */
async function workingDay(outside: Outside): Promise<Secret[]> {
  const { cloud, slack, identity } = outside;
  const [alice, bob, carol] = PEOPLE.map((who) => new Citizen(slack, who));
  if (!alice || !bob || !carol) throw new Error('the workspace has no people');
  const secrets: Secret[] = [];
  for (const person of [alice, bob]) {
    const link = await person.asksForLink();
    const page = await person.getsCode(link);
    const code = codeOn(page);
    await person.asks('/ecs login 000-000');
    expect((await person.asks(`/ecs login ${code}`)).text).toContain('Signed in as');
    secrets.push({ kind: 'link', text: link.split('/').at(-1) ?? '', mayBeIn: 'slack' });
    secrets.push({ kind: 'authorization code', text: new URL(page.url).searchParams.get('code') ?? '' });
    secrets.push({ kind: 'code', text: code }, { kind: 'code', text: code.replace('-', '') });
  }
  secrets.push(...(await signsInByCredential(carol, outside)));

  // Answers that quote what they refuse, that make no sense, or never come.
  await alice.asks('/ecs list');
  cloud.operator.revokeAllTokens();
  await alice.asks('/ecs list');
  for (const trouble of ['html', 'reset', 500, 403] as const) {
    cloud.failNext({ match: { method: 'GET', path: /servers/ }, with: trouble, times: 3 });
    await alice.asks('/ecs list');
    cloud.clearFaults();
  }
  cloud.operator.revokeAllTokens();
  identity.breakWith(503);
  await alice.asks('/ecs list');
  identity.breakWith(null);
  slack.faults.add({ method: 'response_url' }, { kind: 'http', status: 503 });
  slack.faults.add({ method: 'chat.postEphemeral' }, { kind: 'reset_before' });
  slack.faults.add({ method: 'conversations.open' }, { kind: 'error', error: 'fatal_error' });
  await alice.says('/ecs whoami');
  await alice.seesInDm('You are alice');

  await alice.says('/ecs resize web-1 c1.2xlarge --reason "a day like any other"');
  await bob.clicks('Approve');
  await alice.clicks('Confirm');
  await alice.sees('Resized');
  await bob.asks('/ecs logout');
  return secrets;
}

async function signsInByCredential(person: Citizen, { cloud }: Outside): Promise<Secret[]> {
  const credential = cloud.applicationCredential('carol', 'demo');
  const wrong = 'a-secret-that-does-not-fit';
  for (const secret of [wrong, credential.secret]) {
    await person.says('/ecs login --application-credential');
    await person.seesModal('Application credential ID');
    await person.submits({ 'Application credential ID': credential.id, Secret: secret });
    await person.seesPrivately(secret === wrong ? 'does not accept' : 'Signed in as carol');
  }
  return [wrong, credential.secret].map((text) => ({ kind: 'application credential', text }));
}

function configured(env: Record<string, string>): Secret[] {
  const given = {
    'bot token': 'SLACK_BOT_TOKEN',
    'signing secret': 'SLACK_SIGNING_SECRET',
    'client secret': 'OIDC_CLIENT_SECRET',
  };
  const key = { kind: 'token key', text: env['TOKEN_KEYS']?.split(':')[1] ?? '' };
  return [...Object.entries(given).map(([kind, name]) => ({ kind, text: env[name] ?? '' })), key];
}

function delivered({ slack }: Outside): Secret[] {
  const urls = slack.deliveries.map(({ body }) => body['response_url']).filter((url) => typeof url === 'string');
  return urls.map((text) => ({ kind: 'response_url', text }));
}

/** Everything that Redis was given sealed, opened with the bot's own key: whatever is secret in there. */
function sealed(tap: RedisTap, env: Record<string, string>): Secret[] {
  const vault = createVault(parseTokenKeys(env['TOKEN_KEYS'] ?? ''));
  const words = tap.flights.flatMap(({ commands }) => commands.flat());
  const values = words.flatMap((word) => word.match(/v1\.k1\.[\w-]+/g) ?? []);
  const contexts = PEOPLE.flatMap(({ id }) =>
    ['session', 'login', 'inbox'].map((purpose) => personContext({ teamId: 'T0TEAM', userId: id }, purpose)),
  );
  return [...new Set(values)].flatMap((value) => {
    const text = contexts.map((context) => opened(() => vault.open(value, context))).find((one) => one !== null);
    if (!text) throw new Error(`a sealed value that this test cannot open: ${value.slice(0, 20)}`);
    return secretsIn(JSON.parse(text));
  });
}

function opened(open: () => string): string | null {
  try {
    return open();
  } catch (error) {
    if (error instanceof VaultError) return null;
    throw error;
  }
}

const SECRET_FIELDS: Record<string, string> = {
  accessToken: 'provider token',
  refreshToken: 'provider token',
  secret: 'application credential',
  nonce: 'nonce',
  verifier: 'verifier',
  code: 'code',
  responseUrl: 'response_url',
};

function secretsIn(value: unknown): Secret[] {
  if (typeof value !== 'object' || value === null) return [];
  const token = 'expiresAt' in value && 'value' in value ? [{ kind: 'cloud token', text: String(value.value) }] : [];
  // Elsewhere it is a digest, which is also the name of a key.
  const state = 'verifier' in value && 'state' in value ? [{ kind: 'state', text: String(value.state) }] : [];
  const named = Object.entries(value).flatMap(([name, inner]) => {
    const kind = SECRET_FIELDS[name];
    return kind && typeof inner === 'string' && inner !== '' ? [{ kind, text: inner }] : secretsIn(inner);
  });
  return [...token, ...state, ...named];
}
