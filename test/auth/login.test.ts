// Signing in by link: what the right person sees, and what everybody who tries something else gets.
import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { openBrowser } from './browser.ts';
import {
  ALICE,
  BOB,
  codeOn,
  LOGIN_TTL_MS,
  MALLORY,
  openSetting,
  secretsOf,
  type Setting,
  type SettingOptions,
} from './setting.ts';

const open: Setting[] = [];
afterEach(async () => {
  for (const setting of open.splice(0)) await setting.close();
});

async function start(options?: SettingOptions): Promise<Setting> {
  const setting = await openSetting(options);
  open.push(setting);
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

/** A code that is certainly not the right one. */
function otherThan(code: string): string {
  return code === '000-000' ? '000-001' : '000-000';
}

describe('signing in by link', () => {
  it('leads through a page that names the person, the provider and a code to a live session', async () => {
    const { login, sessions, woken } = await start();
    const browser = openBrowser();
    const { url } = await login.begin(BOB);

    const invitation = await browser.open(url);
    expect(invitation.html).toContain('Bob Brandt');
    expect(invitation.html).toContain('Acme');
    const proof = await browser.submit(await browser.submit(invitation), { account: 'bob' });
    expect(proof.html).toContain('/ecs login');
    expect(await sessions.find(BOB)).toBeNull();

    const session = await login.finish(BOB, codeOn(proof));
    expect(session).toMatchObject({ person: BOB, cloudUser: { name: 'bob' }, method: 'oidc', region: 'RegionOne' });
    expect(session.projects).toEqual([{ id: session.projectId, name: 'demo', domainName: 'Default' }]);
    expect(await sessions.find(BOB)).toEqual(session);
    expect(woken).toEqual([BOB]);
  });

  it.each(['otc', 'huawei'] as const)('works on %s, which takes the other of the two tokens', async (mode) => {
    const setting = await start({ cloud: { mode } });
    await setting.signsIn(BOB, 'bob');
    expect(await setting.sessions.find(BOB)).toMatchObject({ cloudUser: { name: 'bob' } });
    expect(setting.cloud.countCalls({ path: '/v3.0/OS-AUTH/id-token/tokens', status: 201 })).toBe(1);
  });

  it('takes the code with blanks, line ends and any dash', async () => {
    const { login, getsCode } = await start();
    const [left, right] = (await getsCode(BOB, 'bob')).split('-');
    await expect(login.finish(BOB, ` ${left} – ${right}\n`)).resolves.toMatchObject({ cloudUser: { name: 'bob' } });
  });

  it('leaves the project open when there are several, and offers the earlier choice again', async () => {
    const { login, sessions, getsCode } = await start();
    const first = await login.finish(ALICE, await getsCode(ALICE, 'alice'));
    expect(first.projectId).toBeNull();
    const ops = first.projects.find((project) => project.name === 'ops');
    await sessions.chooseProject(ALICE, ops?.id ?? '');
    expect(await login.finish(ALICE, await getsCode(ALICE, 'alice'))).toMatchObject({ projectId: ops?.id });
  });

  it('says plainly when Slack does not tell the name', async () => {
    const { login } = await start({ deps: { nameOf: () => Promise.reject(new Error('users_info failed')) } });
    const page = await openBrowser().open((await login.begin({ teamId: 'T1', userId: 'UNKNOWN' })).url);
    expect(page.html).toContain('Slack did not tell us the name');
    expect(page.html).toContain('UNKNOWN');
  });

  it('stands even when the work that waited for it cannot be woken', async () => {
    const setting = await start({ deps: { onSignedIn: () => Promise.reject(new Error('no queue')) } });
    await setting.signsIn(BOB, 'bob');
    expect(await setting.sessions.find(BOB)).not.toBeNull();
    expect(setting.lines.join()).toContain('was not woken');
  });

  it('is not offered where no identity provider is set up', async () => {
    const { login } = await start({ deps: { oidc: null } });
    expect(await refusal(login.begin(BOB))).toMatchObject({ code: 'unsupported' });
  });
});

describe('a link', () => {
  it('is not used up by looking at it', async () => {
    const { login } = await start();
    const { url } = await login.begin(BOB);
    for (let looks = 0; looks < 5; looks += 1) expect((await openBrowser().open(url)).status).toBe(200);
  });

  it('works once', async () => {
    const { login } = await start();
    const browser = openBrowser();
    const page = await browser.open((await login.begin(BOB)).url);
    expect((await browser.press(page)).status).toBe(303);
    const again = await browser.press(page);
    expect(again.status).toBe(410);
    expect(again.html).toContain('no longer works');
    expect((await browser.open(page.url)).status).toBe(410);
  });

  it('leads one of two people who press at once onward, and tells the other', async () => {
    const { login } = await start();
    const { url } = await login.begin(BOB);
    const press = async () => {
      const browser = openBrowser();
      return browser.press(await browser.open(url));
    };
    const answers = await Promise.all([press(), press()]);
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([303, 410]);
  });

  it('dies when a new one is asked for', async () => {
    const { login } = await start();
    const { url: old } = await login.begin(BOB);
    const { url } = await login.begin(BOB);
    expect((await openBrowser().open(old)).status).toBe(410);
    expect((await openBrowser().open(url)).status).toBe(200);
  });

  it('takes its trip and its code with it when a new one is asked for', async () => {
    const { login, getsCode } = await start();
    const code = await getsCode(BOB, 'bob');
    await login.begin(BOB);
    expect(await refusal(login.finish(BOB, code))).toMatchObject({ code: 'sign_in_failed' });

    const browser = openBrowser();
    const provider = await browser.submit(await browser.open((await login.begin(BOB)).url));
    await login.begin(BOB);
    const page = await browser.submit(provider, { account: 'bob' });
    expect(page.status).toBe(410);
    expect(page.html).toContain('/ecs login');
  });

  it('ends after LOGIN_TTL', async () => {
    const { login, clock } = await start();
    const { url } = await login.begin(BOB);
    const browser = openBrowser();
    const page = await browser.open(url);
    clock.advance(LOGIN_TTL_MS);
    expect((await browser.press(page)).status).toBe(410);
    expect((await openBrowser().open(url)).status).toBe(410);
  });

  it('that was never given out is dead', async () => {
    const { url } = await start();
    for (const ticket of ['x', '..%2f..', 'callback2', 'A'.repeat(5_000)]) {
      expect((await openBrowser().open(`${url}/login/${ticket}`)).status).toBe(410);
    }
  });

  it('is not lost when the identity provider does not answer', async () => {
    const { login, identity } = await start();
    const browser = openBrowser();
    const page = await browser.open((await login.begin(BOB)).url);
    identity.breakWith(503);
    const answer = await browser.press(page);
    expect(answer.status).toBe(503);
    expect(answer.html).toContain('does not answer');
    identity.breakWith(null);
    expect((await browser.press(page)).status).toBe(303);
  });
});

describe('somebody who means harm', () => {
  it('cannot bind another person with a forwarded link: the code is shown to the victim, and only to them', async () => {
    const { login, sessions, getsCode } = await start();
    // Mallory asks for a link and Bob is talked into opening it.
    const code = await getsCode(MALLORY, 'bob');
    // Bob types what his page shows, as himself: nothing of his waits.
    expect(await refusal(login.finish(BOB, code))).toMatchObject({ code: 'sign_in_failed' });
    // Mallory does not know it and guesses.
    expect(await refusal(login.finish(MALLORY, otherThan(code)))).toMatchObject({ code: 'sign_in_failed' });
    expect(await sessions.find(MALLORY)).toBeNull();
    expect(await sessions.find(BOB)).toBeNull();
  });

  it('is named on the page of a forwarded link, with their name as text', async () => {
    const { login } = await start();
    const page = await openBrowser().open((await login.begin(MALLORY)).url);
    expect(page.html).toContain('Mallory &lt;b&gt;');
    expect(page.html).not.toContain('<b>');
  });

  it('cannot finish another person’s sign-in with that person’s code', async () => {
    const { login, sessions, getsCode } = await start();
    const code = await getsCode(BOB, 'bob');
    expect(await refusal(login.finish(MALLORY, code))).toMatchObject({ code: 'sign_in_failed' });
    expect(await refusal(login.finish({ ...BOB, teamId: 'T2' }, code))).toMatchObject({ code: 'sign_in_failed' });
    expect(await sessions.find(MALLORY)).toBeNull();
    await expect(login.finish(BOB, code)).resolves.toMatchObject({ person: BOB });
  });

  it('has five guesses, then the sign-in is dead and its tokens are revoked', async () => {
    const { login, getsCode, cloud } = await start();
    const code = await getsCode(BOB, 'bob');
    expect(cloud.livingTokens()).toHaveLength(2);
    const sentences: string[] = [];
    for (let tries = 0; tries < 5; tries += 1) {
      sentences.push((await refusal(login.finish(BOB, otherThan(code)))).message);
    }
    expect(sentences[0]).toContain('4 tries left');
    expect(sentences[3]).toContain('one try left');
    expect(sentences[4]).toContain('dropped');
    expect(await refusal(login.finish(BOB, code))).toMatchObject({ code: 'already_done' });
    expect(cloud.livingTokens()).toHaveLength(0);
  });

  it('does not get more guesses by making them all at once', async () => {
    const { login, getsCode } = await start();
    const code = await getsCode(BOB, 'bob');
    const guesses = await Promise.all(Array.from({ length: 20 }, () => refusal(login.finish(BOB, otherThan(code)))));
    expect(guesses.filter((guess) => guess.code === 'sign_in_failed')).toHaveLength(5);
    expect(await refusal(login.finish(BOB, code))).toMatchObject({ code: 'already_done' });
  });

  it('cannot bring the way back into another browser', async () => {
    const { login, url } = await start();
    const browser = openBrowser(`${url}/login/callback`);
    const provider = await browser.submit(await browser.open((await login.begin(BOB)).url));
    const back = await browser.submit(provider, { account: 'bob' });

    // The thief's browser has been here, too, for a sign-in of its own.
    const thief = openBrowser();
    await thief.open((await login.begin(MALLORY)).url);
    const stolen = await thief.open(back.location ?? '');
    expect(stolen.status).toBe(403);
    expect(stolen.html).toContain('another browser');
    expect(stolen.html).not.toMatch(/\d{3}-\d{3}/);
    expect((await openBrowser().open(back.location ?? '')).status).toBe(403);
    // The right browser is not harmed by the attempt.
    expect(codeOn(await browser.open(back.location ?? ''))).toMatch(/^\d{3}-\d{3}$/);
  });

  it('gets nowhere with a made-up way back', async () => {
    const { url, login } = await start();
    const browser = openBrowser();
    await browser.open((await login.begin(BOB)).url);
    for (const query of ['', '?code=x', '?code=x&state=guess', '?error=access_denied&state=', '?state=a&state=b']) {
      expect((await browser.open(`${url}/login/callback${query}`)).status).toBe(410);
    }
  });

  it('cannot press the button from another site', async () => {
    const { login, sessions } = await start();
    const { url } = await login.begin(MALLORY);
    const form = { method: 'POST', redirect: 'manual' as const, body: new URLSearchParams({ csrf: 'guess' }) };
    const cookie = `ecs-login=${'A'.repeat(43)}`;
    const answers = [
      await fetch(url, form),
      await fetch(url, { ...form, headers: { cookie } }),
      await fetch(url, { ...form, headers: { cookie, 'sec-fetch-site': 'cross-site' } }),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([403, 403, 403]);
    expect((await openBrowser().open(url)).status).toBe(200);
    expect(await sessions.find(MALLORY)).toBeNull();
  });
});

describe('the code', () => {
  it('is shown again when the page is reloaded', async () => {
    const { login } = await start();
    const browser = openBrowser();
    const first = await browser.submit(await browser.submit(await browser.open((await login.begin(BOB)).url)), {
      account: 'bob',
    });
    expect(codeOn(await browser.open(first.url))).toBe(codeOn(first));
  });

  it('ends after LOGIN_TTL', async () => {
    const { login, getsCode, clock } = await start();
    const code = await getsCode(BOB, 'bob');
    clock.advance(LOGIN_TTL_MS);
    expect(await refusal(login.finish(BOB, code))).toMatchObject({ code: 'expired' });
  });

  it('works once, also when typed twice at the same time', async () => {
    const { login, getsCode } = await start();
    const code = await getsCode(BOB, 'bob');
    const outcomes = await Promise.allSettled([login.finish(BOB, code), login.finish(BOB, code)]);
    expect(outcomes.map((outcome) => outcome.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await refusal(login.finish(BOB, code))).toMatchObject({ code: 'already_done' });
  });

  it.each([
    ['nothing', ''],
    ['letters', 'abc'],
    ['too little', '12'],
    ['wide digits of another width', '１２３'],
    ['far too much', '0'.repeat(10_000)],
  ])('typed as %s is a wrong code, not a crash', async (_what, typed) => {
    const { login, getsCode } = await start();
    await getsCode(BOB, 'bob');
    expect(await refusal(login.finish(BOB, typed))).toMatchObject({ code: 'sign_in_failed' });
  });

  it('is missing for somebody who never opened the link', async () => {
    const { login } = await start();
    expect((await refusal(login.finish(BOB, '123-456'))).message).toContain('/ecs login');
    await login.begin(BOB);
    expect(await refusal(login.finish(BOB, '123-456'))).toMatchObject({ code: 'sign_in_failed' });
  });
});

describe('when something on the way says no', () => {
  async function arrive(setting: Setting, press: Record<string, string>, trouble?: () => void) {
    const browser = openBrowser();
    const provider = await browser.submit(await browser.open((await setting.login.begin(BOB)).url));
    trouble?.();
    return browser.submit(provider, press);
  }

  it('a person who presses Cancel at the provider reads how to go on', async () => {
    const page = await arrive(await start(), { cancel: '1' });
    expect(page.status).toBe(403);
    expect(page.html).toContain('did not sign you in');
  });

  it('a person whom the cloud does not know is sent to its administrator', async () => {
    const page = await arrive(await start(), { account: 'stranger' });
    expect(page.status).toBe(403);
    expect(page.html).toContain('does not accept your account');
  });

  it('a cloud that does not answer is not taken for a refusal', async () => {
    const setting = await start();
    const page = await arrive(setting, { account: 'bob' }, () => setting.cloud.outage(true));
    expect(page.status).toBe(503);
    expect(page.html).toContain('The cloud does not answer');
  });

  it('tokens already issued are revoked when a later step fails', async () => {
    const setting = await start();
    const page = await arrive(setting, { account: 'bob' }, () => {
      setting.cloud.failNext({ match: { path: /\/auth\/projects/ }, with: 403 });
    });
    expect(page.status).toBe(403);
    expect(setting.cloud.livingTokens()).toEqual([]);
  });

  it('no page, no line of the log and nothing in Redis holds a secret that can be read', async () => {
    const setting = await start();
    await arrive(setting, { account: 'stranger' });
    await setting.signsIn(BOB, 'bob');
    const held = secretsOf(setting, BOB);
    expect(held.length).toBeGreaterThanOrEqual(4);
    for (const secret of [...held, 'client-secret']) {
      expect(setting.lines.join('\n')).not.toContain(secret);
      expect(setting.store.dump()).not.toContain(secret);
    }
  });
});
