// A live sign-in: one read, one renewal for everybody, nothing left after signing out.
import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import type { Cloud } from '../../src/openstack/cloud.ts';
import { RedisAway, type KeyValue } from '../../src/redis/store.ts';
import type { Person } from '../../src/slack/reply.ts';
import { HOUR, MINUTE } from '../support/clock.ts';
import { openBrowser } from './browser.ts';
import { memoryKeys } from './memory.ts';
import { ALICE, BOB, MALLORY, openSetting, recordOf, secretsOf, type Setting, type SettingOptions } from './setting.ts';

const open: Setting[] = [];
afterEach(async () => {
  for (const setting of open.splice(0)) await setting.close();
});

async function start(options?: SettingOptions): Promise<Setting> {
  const setting = await openSetting(options);
  open.push(setting);
  return setting;
}

async function startAs(person: Person, name: string, options?: SettingOptions): Promise<Setting> {
  const setting = await start(options);
  await setting.signsIn(person, name);
  return setting;
}

async function refusal(work: Promise<unknown>): Promise<UserError> {
  const error: unknown = await work.then(
    () => new Error('expected a refusal'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UserError)) throw error;
  return error;
}

const TOKENS = /\/auth\/tokens|OS-FEDERATION|OS-AUTH/;

function tokensIssued({ cloud }: Setting, since = 0): number {
  return cloud.calls.slice(since).filter((call) => call.method === 'POST' && TOKENS.test(call.path)).length;
}

async function list(cloud: Cloud): Promise<number> {
  const answer = await cloud.call({ service: 'compute', method: 'GET', path: '/servers/detail' });
  return answer.status;
}

describe('a signed-in person', () => {
  it('is found with one read', async () => {
    const { sessions, store } = await startAs(BOB, 'bob');
    const before = store.reads();
    await sessions.find(BOB);
    expect(store.reads() - before).toBe(1);
  });

  it('gets session and connection with one read', async () => {
    const { sessions, store } = await startAs(BOB, 'bob');
    const before = store.reads();
    const { session, cloud } = await sessions.open(BOB);
    expect((await cloud()).projectId).toBe(session.projectId);
    expect(store.reads() - before).toBe(1);
  });

  it('makes at most three cloud requests the first time, then one', async () => {
    const setting = await startAs(BOB, 'bob');
    const signedIn = setting.cloud.calls.length;
    await list(await setting.sessions.cloud(BOB));
    expect(setting.cloud.calls.length - signedIn).toBeLessThanOrEqual(3);
    const first = setting.cloud.calls.length;
    await list(await setting.sessions.cloud(BOB));
    expect(setting.cloud.calls.length - first).toBe(1);
  });

  it('makes at most three also when the project is chosen afterwards', async () => {
    const setting = await startAs(ALICE, 'alice');
    const signedIn = setting.cloud.calls.length;
    const [project] = (await setting.sessions.require(ALICE)).projects;
    await setting.sessions.chooseProject(ALICE, project?.id ?? '');
    await list(await setting.sessions.cloud(ALICE));
    expect(setting.cloud.calls.length - signedIn).toBeLessThanOrEqual(3);
  });

  it('works in every project, each with a token of its own', async () => {
    const setting = await startAs(ALICE, 'alice');
    for (const { id } of (await setting.sessions.require(ALICE)).projects) {
      const cloud = await setting.sessions.cloud(ALICE, id);
      expect(cloud.projectId).toBe(id);
      expect(await list(cloud)).toBe(200);
    }
    expect(Object.keys(recordOf(setting, ALICE).scoped)).toHaveLength(2);
  });

  it('is asked to choose when several projects are open and none is chosen', async () => {
    const { sessions } = await startAs(ALICE, 'alice');
    expect(await refusal(sessions.cloud(ALICE))).toMatchObject({ code: 'bad_usage' });
  });

  it('cannot choose a project of others, but one that was opened to them since', async () => {
    const { sessions, cloud } = await startAs(BOB, 'bob');
    const ops = cloud.world.project('ops').id;
    expect(await refusal(sessions.chooseProject(BOB, ops))).toMatchObject({ code: 'not_found' });
    cloud.operator.grant('bob', 'ops', 'reader');
    expect(await sessions.chooseProject(BOB, ops)).toMatchObject({ projectId: ops });
    expect(await list(await sessions.cloud(BOB))).toBe(200);
  });

  it('keeps the chosen region', async () => {
    const { sessions } = await startAs(BOB, 'bob');
    await sessions.chooseRegion(BOB, null);
    expect((await sessions.cloud(BOB)).region).toBeNull();
  });

  it('is shown no region of a project that nobody chose, where each project has its own', async () => {
    const roles = { 'eu-de_web': 'member', 'eu-nl_web': 'member' };
    const seed = {
      projects: [...Object.keys(roles), 'demo', 'ops', 'admin'].map((name) => ({ name })),
      users: [{ name: 'alice', roles }, ...['bob', 'carol', 'dave', 'admin'].map((name) => ({ name, roles: {} }))],
      servers: [],
    };
    const { sessions } = await startAs(ALICE, 'alice', {
      cloud: { mode: 'otc', catalog: { moreRegions: ['eu-nl'] }, seed },
    });
    const { projects } = await sessions.chooseRegion(ALICE, null);
    for (const { id } of projects) await sessions.cloud(ALICE, id);
    expect((await sessions.open(ALICE)).session).toMatchObject({ projectId: null, region: null });
    await sessions.chooseProject(ALICE, projects.find(({ name }) => name === 'eu-nl_web')?.id ?? '');
    expect((await sessions.open(ALICE)).session.region).toBe('eu-nl');
  });

  it('keeps only addresses that are used', async () => {
    const setting = await startAs(BOB, 'bob');
    const [token] = Object.values(recordOf(setting, BOB).scoped);
    const interfaces = token?.catalog.flatMap((service) => service.endpoints.map((one) => one.interface));
    expect(new Set(interfaces)).toEqual(new Set(['public']));
  });
});

describe('somebody who is not signed in', () => {
  it('is told what to type', async () => {
    const { sessions } = await start();
    expect(await sessions.find(BOB)).toBeNull();
    for (const work of [sessions.require(BOB), sessions.open(BOB), sessions.cloud(BOB)]) {
      const error = await refusal(work);
      expect(error.code).toBe('not_signed_in');
      expect(error.message).toContain('/ecs login');
    }
  });

  it('does not become somebody else when that person’s value is put under their key', async () => {
    const { sessions, store, lines } = await startAs(BOB, 'bob');
    store.poke(memoryKeys.session(MALLORY), store.peek(memoryKeys.session(BOB)) ?? '');
    expect(await sessions.find(MALLORY)).toBeNull();
    expect(await refusal(sessions.cloud(MALLORY))).toMatchObject({ code: 'not_signed_in' });
    expect(lines.join()).toContain('could not be read');
  });

  it.each(['', 'garbage', '{}', 'v1.k9.AAAA'])('has garbage (%j) in Redis and can sign in over it', async (garbage) => {
    const setting = await start();
    setting.store.poke(memoryKeys.session(BOB), garbage);
    expect(await setting.sessions.find(BOB)).toBeNull();
    await setting.signsIn(BOB, 'bob');
    expect(await setting.sessions.find(BOB)).not.toBeNull();
  });
});

describe('a token that ends', () => {
  it('is replaced ahead of time without anybody noticing', async () => {
    const setting = await startAs(BOB, 'bob');
    const cloud = await setting.sessions.cloud(BOB);
    const [before] = Object.values(recordOf(setting, BOB).scoped);
    setting.clock.advance(HOUR - MINUTE);
    const calls = setting.cloud.calls.length;
    expect(await list(cloud)).toBe(200);
    const [after] = Object.values(recordOf(setting, BOB).scoped);
    expect(after?.value).not.toBe(before?.value);
    expect(setting.cloud.calls.slice(calls).filter((call) => call.status === 401)).toEqual([]);
  });

  it('is refreshed at the identity provider again and again, each time with the new refresh token', async () => {
    const setting = await startAs(BOB, 'bob');
    for (let hours = 1; hours <= 3; hours += 1) {
      setting.clock.advance(HOUR);
      expect(await list(await setting.sessions.cloud(BOB))).toBe(200);
      expect(setting.identity.refreshes()).toBe(hours);
    }
  });

  it('survives an outage of Redis between the refresh and the keeping of what it gave', async () => {
    const setting = await startAs(BOB, 'bob');
    let failing = 3;
    const get: KeyValue['get'] = async (key) => {
      if (setting.identity.refreshes() === 0 || failing === 0) return setting.store.get(key);
      failing -= 1;
      throw new RedisAway();
    };
    const replica = setting.replica({ store: { ...setting.store, get } });
    setting.clock.advance(HOUR);
    expect(await list(await replica.sessions.cloud(BOB))).toBe(200);
    expect(failing).toBe(0);
    setting.clock.advance(HOUR);
    expect(await list(await setting.sessions.cloud(BOB))).toBe(200);
  });

  it.each(['otc', 'huawei'] as const)('is refreshed on %s as well', async (mode) => {
    const setting = await startAs(BOB, 'bob', { cloud: { mode } });
    setting.clock.advance(24 * HOUR);
    expect(await list(await setting.sessions.cloud(BOB))).toBe(200);
    expect(setting.identity.refreshes()).toBe(1);
  });

  it('met by a hundred commands of one process costs one new token', async () => {
    const setting = await startAs(BOB, 'bob');
    const clouds = await Promise.all(Array.from({ length: 100 }, () => setting.sessions.cloud(BOB)));
    setting.clock.advance(HOUR + MINUTE);
    const [before, reads] = [setting.cloud.calls.length, setting.store.reads()];
    expect(new Set(await Promise.all(clouds.map(list)))).toEqual(new Set([200]));
    expect(setting.identity.refreshes()).toBe(1);
    // One exchange and one project token.
    expect(tokensIssued(setting, before)).toBe(2);
    // And the hundred share the looking, too.
    expect(setting.store.reads() - reads).toBeLessThan(10);
  });

  it('met by a hundred commands of four processes costs one new token', async () => {
    const setting = await startAs(BOB, 'bob');
    const replicas = [setting, setting.replica(), setting.replica(), setting.replica()];
    setting.clock.advance(HOUR + MINUTE);
    const before = setting.cloud.calls.length;
    const answers = replicas.flatMap(({ sessions }) =>
      Array.from({ length: 25 }, async () => list(await sessions.cloud(BOB))),
    );
    expect(new Set(await Promise.all(answers))).toEqual(new Set([200]));
    expect(setting.identity.refreshes()).toBe(1);
    expect(tokensIssued(setting, before)).toBe(2);
  });

  it('is not replaced again by a process that looked before and came to renew after another had done it', async () => {
    const setting = await startAs(BOB, 'bob');
    setting.clock.advance(HOUR + MINUTE);
    const late = setting.replica({
      leases: {
        async acquire(name, note) {
          await setting.sessions.cloud(BOB);
          return setting.leases.acquire(name, note);
        },
      },
    });
    const before = setting.cloud.calls.length;
    expect(await list(await late.sessions.cloud(BOB))).toBe(200);
    expect(setting.identity.refreshes()).toBe(1);
    expect(tokensIssued(setting, before)).toBe(2);
  });

  it('refused by the cloud before its time is replaced once, for a hundred commands', async () => {
    const setting = await startAs(BOB, 'bob', { cloud: { tokenCacheSeconds: 0 } });
    const clouds = await Promise.all(Array.from({ length: 100 }, () => setting.sessions.cloud(BOB)));
    setting.cloud.operator.revokeAllTokens();
    const before = setting.cloud.calls.length;
    expect(new Set(await Promise.all(clouds.map(list)))).toEqual(new Set([200]));
    expect(setting.identity.refreshes()).toBe(1);
    const issued = setting.cloud.calls
      .slice(before)
      .filter((call) => call.method === 'POST' && TOKENS.test(call.path) && call.status === 201);
    expect(issued).toHaveLength(2);
  });

  it('lives for a minute only and is not thrown away unused', async () => {
    const setting = await startAs(BOB, 'bob', { cloud: { tokenSeconds: 60 } });
    const before = setting.cloud.calls.length;
    for (let commands = 0; commands < 5; commands += 1) await list(await setting.sessions.cloud(BOB));
    expect(tokensIssued(setting, before)).toBe(0);
    setting.clock.advance(MINUTE / 2);
    await list(await setting.sessions.cloud(BOB));
    expect(tokensIssued(setting, before)).toBe(2);
  });

  it('still serves to its end when the provider is away', async () => {
    const setting = await startAs(BOB, 'bob');
    const cloud = await setting.sessions.cloud(BOB);
    setting.clock.advance(HOUR - MINUTE);
    setting.identity.breakWith(503);
    expect(await list(cloud)).toBe(200);
    setting.clock.advance(2 * MINUTE);
    expect(await refusal(list(cloud))).toMatchObject({ code: 'unavailable' });
    setting.identity.breakWith(null);
    expect(await list(cloud)).toBe(200);
  });

  it('cannot be replaced once the provider has ended the sign-in, and the person is told to sign in again', async () => {
    const setting = await startAs(BOB, 'bob');
    setting.identity.endSignIns('bob');
    setting.clock.advance(HOUR + MINUTE);
    const error = await refusal(setting.sessions.cloud(BOB));
    expect(error).toMatchObject({ code: 'not_signed_in' });
    expect(error.message).toContain('/ecs login');
    expect(await setting.sessions.find(BOB)).toBeNull();
    expect(await refusal(setting.sessions.require(BOB))).toMatchObject({ code: 'not_signed_in' });
  });

  it('is not had for an account that the cloud has disabled, and is had again once it is enabled', async () => {
    const setting = await startAs(BOB, 'bob');
    setting.cloud.operator.setUserEnabled('bob', false);
    setting.clock.advance(HOUR + MINUTE);
    const error = await refusal(setting.sessions.cloud(BOB));
    expect(error.code).toBe('not_signed_in');
    expect(error.message).toContain('administrator');
    setting.cloud.operator.setUserEnabled('bob', true);
    expect(await list(await setting.sessions.cloud(BOB))).toBe(200);
  });

  it('about to end is not used any more by a process that does not know of the signing out elsewhere', async () => {
    const setting = await startAs(BOB, 'bob');
    const elsewhere = await setting.replica().sessions.cloud(BOB);
    setting.clock.advance(HOUR - 4 * MINUTE);
    // The compute service has seen the token and would go on trusting it.
    await list(elsewhere);
    setting.clock.advance(3 * MINUTE);
    await setting.sessions.signOut(BOB);
    expect(await refusal(list(elsewhere))).toMatchObject({ code: 'not_signed_in' });
  });

  it('is not fetched for somebody whose role in the project is gone; the sentence names the project', async () => {
    const setting = await startAs(ALICE, 'alice');
    const ops = setting.cloud.world.project('ops').id;
    setting.cloud.operator.removeRole('alice', 'ops');
    const error = await refusal(setting.sessions.cloud(ALICE, ops));
    expect(error.code).toBe('not_allowed');
    expect(error.message).toContain('ops');
    const session = await setting.sessions.require(ALICE);
    expect(session.projects.map((project) => project.name)).toEqual(['demo']);
  });

  it('is left alone while the cloud is away: no sign-in is lost', async () => {
    const setting = await startAs(BOB, 'bob');
    setting.clock.advance(HOUR + MINUTE);
    setting.cloud.outage(true);
    await expect(setting.sessions.cloud(BOB)).rejects.toMatchObject({ name: 'CloudError' });
    setting.cloud.outage(false);
    expect(await list(await setting.sessions.cloud(BOB))).toBe(200);
  });

  it('leaves no secret in what is thrown', async () => {
    const setting = await startAs(BOB, 'bob');
    const secrets = secretsOf(setting, BOB);
    setting.identity.endSignIns('bob');
    setting.clock.advance(HOUR + MINUTE);
    const error = await refusal(setting.sessions.cloud(BOB));
    const told = [error.message, error.stack, JSON.stringify(error.cause), ...setting.lines].join('\n');
    for (const secret of secrets) expect(told).not.toContain(secret);
  });
});

describe('signing out', () => {
  it('revokes every token at the cloud and at the provider, and forgets them', async () => {
    const setting = await startAs(ALICE, 'alice');
    for (const { id } of (await setting.sessions.require(ALICE)).projects) await setting.sessions.cloud(ALICE, id);
    const { credential } = recordOf(setting, ALICE);
    expect(await setting.sessions.signOut(ALICE)).toEqual({ revoked: 5, failed: 0 });
    expect(setting.cloud.livingTokens()).toEqual([]);
    expect(credential?.kind === 'oidc' && (await setting.identity.introspect(credential.accessToken))).toBeNull();
    expect(await setting.sessions.find(ALICE)).toBeNull();
  });

  it('ends connections that are still in somebody’s hands, at once', async () => {
    const setting = await startAs(BOB, 'bob');
    const cloud = await setting.sessions.cloud(BOB);
    // The compute service has seen the token and will trust it for minutes after its end.
    await list(cloud);
    await setting.sessions.signOut(BOB);
    expect(await refusal(list(cloud))).toMatchObject({ code: 'not_signed_in' });
  });

  it('forgets even when nothing can be revoked, and says how many tokens live on', async () => {
    const setting = await startAs(BOB, 'bob');
    setting.cloud.outage(true);
    setting.identity.breakWith(500);
    expect(await setting.sessions.signOut(BOB)).toEqual({ revoked: 0, failed: 4 });
    expect(await setting.sessions.find(BOB)).toBeNull();
    expect(setting.store.peek(memoryKeys.session(BOB))).toBeNull();
  });

  it('does not count the provider’s tokens where it takes none back', async () => {
    const setting = await startAs(BOB, 'bob', { identity: { offersRevocation: false } });
    expect(await setting.sessions.signOut(BOB)).toEqual({ revoked: 2, failed: 0 });
  });

  it('also ends a sign-in whose code was not typed yet', async () => {
    const setting = await start();
    const code = await setting.getsCode(BOB, 'bob');
    expect(await setting.sessions.signOut(BOB)).toEqual({ revoked: 4, failed: 0 });
    expect(await refusal(setting.login.finish(BOB, code))).toMatchObject({ code: 'sign_in_failed' });
  });

  it('wins over a renewal that is under way, and what that brings is revoked too', async () => {
    const setting = await startAs(BOB, 'bob', { identity: { offersRevocation: false } });
    setting.clock.advance(HOUR + MINUTE);
    setting.cloud.failNext({ match: { path: /OS-FEDERATION/ }, with: { delayMs: 100 } });
    const renewal = refusal(setting.sessions.cloud(BOB));
    await expect.poll(() => setting.cloud.countCalls({ path: 'OS-FEDERATION' })).toBe(2);
    await setting.sessions.signOut(BOB);
    expect(await renewal).toMatchObject({ code: 'not_signed_in' });
    expect(await setting.sessions.find(BOB)).toBeNull();
    expect(setting.cloud.livingTokens()).toEqual([]);
  });

  it('of somebody who is not signed in is nothing to complain about', async () => {
    const { sessions } = await start();
    expect(await sessions.signOut(BOB)).toEqual({ revoked: 0, failed: 0 });
  });
});

describe('signing in again', () => {
  it('revokes the cloud tokens of the sign-in it replaces and leaves the new one working', async () => {
    const setting = await start({ identity: { remembersPeople: true } });
    const browser = openBrowser();
    await setting.signsIn(BOB, 'bob', browser);
    const old = await setting.sessions.require(BOB);
    await setting.signsIn(BOB, 'bob', browser);
    await expect.poll(() => setting.cloud.livingTokens().length).toBe(2);
    expect((await setting.sessions.require(BOB)).signInId).not.toBe(old.signInId);
    setting.clock.advance(HOUR + MINUTE);
    expect(await list(await setting.sessions.cloud(BOB))).toBe(200);
  });

  it('lets a connection of the earlier sign-in go on with the new one', async () => {
    const setting = await startAs(BOB, 'bob');
    const cloud = await setting.sessions.cloud(BOB);
    await setting.signsIn(BOB, 'bob');
    setting.clock.advance(HOUR + MINUTE);
    expect(await list(cloud)).toBe(200);
  });
});

describe('an application credential', () => {
  it('signs in to its own project and renews by itself', async () => {
    const setting = await start();
    const credential = setting.cloud.applicationCredential('alice', 'ops');
    const session = await setting.login.withApplicationCredential(ALICE, { ...credential, id: ` ${credential.id}\n` });
    expect(session).toMatchObject({ method: 'application_credential', cloudUser: { name: 'alice' } });
    expect(session.projects).toEqual([expect.objectContaining({ id: session.projectId, name: 'ops' })]);
    expect(setting.woken).toEqual([ALICE]);
    setting.clock.advance(2 * HOUR);
    const before = setting.cloud.calls.length;
    const clouds = await Promise.all(Array.from({ length: 100 }, () => setting.sessions.cloud(ALICE)));
    expect(await list(clouds[0] ?? (await setting.sessions.cloud(ALICE)))).toBe(200);
    expect(tokensIssued(setting, before)).toBe(1);
  });

  it('opens no other project than its own', async () => {
    const setting = await start();
    await setting.login.withApplicationCredential(ALICE, setting.cloud.applicationCredential('alice', 'ops'));
    const other = setting.cloud.world.project('demo').id;
    expect(await refusal(setting.sessions.cloud(ALICE, other))).toMatchObject({ code: 'not_allowed' });
    expect(await refusal(setting.sessions.chooseProject(ALICE, other))).toMatchObject({ code: 'not_found' });
  });

  it.each([
    ['was deleted', 'knows no application credential'],
    ['has another secret', 'the secret is wrong'],
    ['has expired', 'has expired'],
  ])('that %s is refused in its own words', async (what, words) => {
    const setting = await start();
    const expiresAt = setting.clock.now() + MINUTE;
    const credential = setting.cloud.applicationCredential('alice', 'ops', { expiresAt });
    if (what === 'was deleted') setting.cloud.operator.deleteApplicationCredential(credential.id);
    if (what === 'has expired') setting.clock.advance(HOUR);
    const given = what === 'has another secret' ? { ...credential, secret: 'guess' } : credential;
    const error = await refusal(setting.login.withApplicationCredential(ALICE, given));
    expect(error.code).toBe('sign_in_failed');
    expect(error.message).toContain(words);
    expect([error.message, error.stack, JSON.stringify(error.cause), ...setting.lines].join()).not.toContain(
      given.secret,
    );
    expect(await setting.sessions.find(ALICE)).toBeNull();
  });

  it('deleted while it is in use ends the sign-in with a sentence that says so', async () => {
    const setting = await start();
    const credential = setting.cloud.applicationCredential('alice', 'ops');
    await setting.login.withApplicationCredential(ALICE, credential);
    setting.cloud.operator.deleteApplicationCredential(credential.id);
    setting.clock.advance(2 * HOUR);
    const error = await refusal(setting.sessions.cloud(ALICE));
    expect(error.code).toBe('not_signed_in');
    expect(error.message).toContain('deleted');
    expect(await setting.sessions.find(ALICE)).toBeNull();
  });

  it('is not taken where the cloud has none', async () => {
    const { login } = await start({ cloud: { mode: 'otc' } });
    expect(await refusal(login.withApplicationCredential(ALICE, { id: 'x', secret: 'y' }))).toMatchObject({
      code: 'unsupported',
    });
  });

  it('is revoked with its token, and the credential itself stays the person’s own', async () => {
    const setting = await start();
    await setting.login.withApplicationCredential(ALICE, setting.cloud.applicationCredential('alice', 'ops'));
    expect(await setting.sessions.signOut(ALICE)).toEqual({ revoked: 1, failed: 0 });
    expect(setting.cloud.livingTokens()).toEqual([]);
  });
});
