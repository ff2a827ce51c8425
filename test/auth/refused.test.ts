// Sign-ins that somebody refuses: who is told to mend it, and what becomes of the tokens.
import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import type { Cloud } from '../../src/openstack/cloud.ts';
import { HOUR, MINUTE } from '../support/clock.ts';
import { openBrowser, type Page } from './browser.ts';
import { ALICE, BOB, openSetting, recordOf, secretsOf, type Setting, type SettingOptions } from './setting.ts';

const open: Setting[] = [];
afterEach(async () => {
  for (const setting of open.splice(0)) await setting.close();
});

async function start(options?: SettingOptions): Promise<Setting> {
  const setting = await openSetting(options);
  open.push(setting);
  return setting;
}

/** The page a person ends on who comes back from the provider. */
async function arrive(setting: Setting): Promise<Page> {
  const browser = openBrowser();
  const provider = await browser.submit(await browser.open((await setting.login.begin(BOB)).url));
  return browser.submit(provider, { account: 'bob' });
}

async function list(cloud: Cloud): Promise<number> {
  return (await cloud.call({ service: 'compute', method: 'GET', path: '/servers/detail' })).status;
}

const IAM = /OS-AUTH\/id-token/;

describe('a cloud that the operator has not set up for the provider', () => {
  it.each(['openstack', 'otc'] as const)('is the operator’s to mend, on %s', async (mode) => {
    const setting = await start({ cloud: { mode, identityProvider: 'another-idp' } });
    const page = await arrive(setting);
    expect(page.status).toBe(502);
    expect(page.html).toContain('Tell the operator');
    expect(page.html).not.toContain('your account');
    expect(setting.lines.join('\n')).toContain('not_found');
  });

  it.each([
    ['takes no such request', { status: 400, body: { error_code: 'IAM.0011', error_msg: 'Request body is invalid.' } }],
    ['gives no token', { status: 201, body: { token: { expires_at: '2099-01-01T00:00:00Z' } } }],
  ])('is the operator’s to mend, when it %s', async (_what, answer) => {
    const setting = await start({ cloud: { mode: 'otc' } });
    setting.cloud.failNext({ match: { path: IAM }, with: answer });
    const page = await arrive(setting);
    expect(page.status).toBe(502);
    expect(page.html).toContain('Tell the operator');
  });

  it('does not end a sign-in that was good before', async () => {
    const setting = await start({ cloud: { mode: 'otc' } });
    await setting.signsIn(BOB, 'bob');
    setting.clock.advance(24 * HOUR);
    const notFound = { status: 404, body: { error_code: 'IAM.0004', error_msg: 'Could not find the provider.' } };
    setting.cloud.failNext({ match: { path: IAM }, with: notFound });
    const error: unknown = await setting.sessions.cloud(BOB).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining('operator') });
    expect(await list(await setting.sessions.cloud(BOB))).toBe(200);
  });
});

describe('a cloud that does not take the ID token', () => {
  it.each([
    ['expired', 'The token is expired.'],
    ['for another client', 'Invalid audience.'],
    ['signed with a key that it has no copy of', 'Signature verification failed.'],
  ])('because it is %s sends people to those who can look into it', async (_what, message) => {
    const setting = await start({ cloud: { mode: 'otc' } });
    const body = { error_code: 'IAM.0001', error_msg: message };
    setting.cloud.failNext({ match: { path: IAM }, with: { status: 401, body } });
    const page = await arrive(setting);
    expect(page.status).toBe(403);
    expect(page.html).toContain('newest keys');
    expect(setting.lines.join('\n')).toContain(message);
    expect(await setting.sessions.find(BOB)).toBeNull();
  });

  it('is asked once only', async () => {
    const idp = { introspect: async () => null, verifyIdToken: async () => null };
    const setting = await start({ cloud: { mode: 'otc', idp } });
    await arrive(setting);
    expect(setting.cloud.countCalls({ path: '/v3.0/OS-AUTH/id-token/tokens' })).toBe(1);
  });
});

describe('a project that was disabled after the sign-in', () => {
  it('is refused by its name, and no longer offered', async () => {
    const setting = await start();
    await setting.signsIn(ALICE, 'alice');
    const ops = setting.cloud.world.project('ops');
    ops.enabled = false;
    await expect(setting.sessions.cloud(ALICE, ops.id)).rejects.toMatchObject({
      code: 'not_allowed',
      message: expect.stringContaining('ops'),
    });
    const { projects } = await setting.sessions.require(ALICE);
    expect(projects.map(({ name }) => name)).toEqual(['demo']);
  });
});

describe('an account that wants a second factor', () => {
  it('is told apart from a wrong secret', async () => {
    const setting = await start();
    const answer = {
      status: 401,
      headers: { 'Openstack-Auth-Receipt': 'receipt-1' },
      body: { receipt: { methods: ['application_credential'] }, required_auth_methods: [['password', 'totp']] },
    };
    setting.cloud.failNext({ match: { method: 'POST', path: /auth\/tokens/ }, with: answer });
    const credential = setting.cloud.applicationCredential('alice', 'ops');
    await expect(setting.login.withApplicationCredential(ALICE, credential)).rejects.toMatchObject({
      kind: 'mfa_required',
    });
    expect(await setting.sessions.find(ALICE)).toBeNull();
  });
});

describe('a clock that differs from the cloud’s', () => {
  it.each([-MINUTE, MINUTE])('by %i ms lets no token end on its way', async (off) => {
    const held: { setting: Setting | null } = { setting: null };
    const now = (): number => (held.setting?.clock.now() ?? Date.now()) + off;
    const setting = await start({ deps: { now }, cloud: { tokenCacheSeconds: 0 } });
    held.setting = setting;
    await setting.signsIn(BOB, 'bob');
    const signedIn = setting.cloud.calls.length;
    for (let minutes = 0; minutes < 125; minutes += 1) {
      expect(await list(await setting.sessions.cloud(BOB))).toBe(200);
      setting.clock.advance(MINUTE);
    }
    expect(setting.cloud.calls.slice(signedIn).filter(({ status }) => status === 401)).toEqual([]);
    expect(setting.identity.refreshes()).toBe(2);
  });
});

describe('a token', () => {
  it('is replaced two minutes before its end, and not earlier', async () => {
    const setting = await start();
    await setting.signsIn(BOB, 'bob');
    const { expiresAt } = Object.values(recordOf(setting, BOB).scoped)[0] ?? { expiresAt: 0 };
    setting.clock.advance(expiresAt - 2 * MINUTE - 10_000 - setting.clock.now());
    await list(await setting.sessions.cloud(BOB));
    expect(setting.identity.refreshes()).toBe(0);
    setting.clock.advance(10_000);
    await list(await setting.sessions.cloud(BOB));
    expect(setting.identity.refreshes()).toBe(1);
  });

  it('that cannot be revoked is in no line of the log, though the cloud quotes it', async () => {
    const setting = await start();
    await setting.login.withApplicationCredential(ALICE, setting.cloud.applicationCredential('alice', 'ops'));
    const secrets = secretsOf(setting, ALICE);
    const message = `cannot revoke ${secrets[0]}`;
    const answer = { status: 500, body: { error: { code: 500, title: 'Internal Server Error', message } } };
    setting.cloud.failNext({ match: { method: 'DELETE' }, with: answer });
    expect(await setting.sessions.signOut(ALICE)).toEqual({ revoked: 0, failed: 1 });
    const log = setting.lines.join('\n');
    expect(log).toContain('cannot revoke [secret]');
    for (const secret of secrets) expect(log).not.toContain(secret);
  });
});
