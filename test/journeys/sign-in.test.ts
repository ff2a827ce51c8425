import { expect, it } from 'vitest';
import { MINUTE } from '../support/clock.ts';
import { codeOn, useWorlds } from '../support/world.ts';

const worlds = useWorlds();

it('signs a person in by link, provider and code, and tells them as whom', async () => {
  const { alice, bob, slack } = await worlds.open();
  const refusal = await alice.asks('/ecs list');
  expect(refusal.text).toContain('You are not signed in to the cloud. Type “/ecs login” first.');
  const link = await alice.asksForLink();
  const confirm = await alice.browser.open(link);
  expect(confirm.html).toContain('<dt>Slack user</dt><dd><bdi>alice</bdi>');
  expect(confirm.html).toContain('<bdi>Example</bdi>');
  const page = await alice.browser.submit(await alice.browser.submit(confirm), { account: 'alice' });
  const answer = await alice.asks(`/ecs login ${codeOn(page)}`);
  expect(answer.text).toMatch(/^Signed in as alice, in project demo\./);
  expect((await alice.asks('/ecs list')).text).toContain('web-1');
  expect(slack.messages('C0OPS').filter(({ ephemeralFor }) => ephemeralFor === null)).toEqual([]);
  bob.doesNotSee('Signed in');
});

it('takes the code by the window behind "Enter code", and asks again for what is no code', async () => {
  const { alice } = await worlds.open();
  const page = await alice.getsCode(await alice.asksForLink());
  await alice.clicks('Enter code');
  await alice.seesModal('The digits that the sign-in page shows');
  expect(await alice.submits({ Code: 'no idea' })).toEqual({ code: 'Type the digits that the page shows.' });
  expect(await alice.submits({ Code: codeOn(page) })).toEqual({});
  await alice.seesPrivately('Signed in as alice');
});

it('keeps a forwarded link from signing in anybody but the one who typed the command', async () => {
  const { alice, bob, cloud } = await worlds.open();
  const link = await alice.asksForLink();
  const page = await bob.getsCode(link, 'bob');
  expect((await bob.asks(`/ecs login ${codeOn(page)}`)).text).toContain('No sign-in of yours is waiting for a code.');
  expect((await bob.asks('/ecs whoami')).text).toContain('You are not signed in');
  expect((await alice.asks('/ecs whoami')).text).toContain('You are not signed in');
  await alice.asksForLink();
  await expect.poll(() => cloud.livingTokens()).toEqual([]);
});

it('accepts the code from nobody but its owner', async () => {
  const { alice, carol } = await worlds.open();
  const code = codeOn(await alice.getsCode(await alice.asksForLink()));
  await carol.asksForLink();
  expect((await carol.asks(`/ecs login ${code}`)).text).toContain('No sign-in of yours is waiting for a code.');
  expect((await alice.asks(`/ecs login ${code}`)).text).toContain('Signed in as alice');
});

it('lets a link be used once', async () => {
  const { alice, bob } = await worlds.open();
  const link = await alice.asksForLink();
  await alice.getsCode(link);
  const again = await bob.browser.open(link);
  expect(again.status).toBe(410);
  expect(again.html).toContain('This link no longer works');
});

it('kills the old link when a new one is asked for', async () => {
  const { alice } = await worlds.open();
  const old = await alice.asksForLink();
  const link = await alice.asksForLink();
  expect((await alice.browser.open(old)).html).toContain('or you asked for a newer one');
  const page = await alice.getsCode(link);
  expect((await alice.asks(`/ecs login ${codeOn(page)}`)).text).toContain('Signed in as alice');
});

it('drops a sign-in after too many wrong codes, and gives nothing of it away', async () => {
  const { alice, cloud } = await worlds.open();
  const code = codeOn(await alice.getsCode(await alice.asksForLink()));
  const wrong = code === '111-111' ? '222-222' : '111-111';
  expect((await alice.asks(`/ecs login ${wrong}`)).text).toMatch(/That is not the code.*You have \d tries left/s);
  let answer = '';
  for (let tries = 0; tries < 9 && !answer.includes('dropped'); tries += 1) {
    answer = (await alice.asks(`/ecs login ${wrong}`)).text;
  }
  expect(answer).toContain('the wrong code too often, so the sign-in was dropped');
  expect((await alice.asks(`/ecs login ${code}`)).text).not.toContain('Signed in');
  await expect.poll(() => cloud.livingTokens()).toEqual([]);
});

it('lets links and codes expire', async () => {
  const { alice, clock } = await worlds.open();
  const link = await alice.asksForLink();
  clock.advance(11 * MINUTE);
  expect((await alice.browser.open(link)).status).toBe(410);
  const code = codeOn(await alice.getsCode(await alice.asksForLink()));
  clock.advance(11 * MINUTE);
  expect((await alice.asks(`/ecs login ${code}`)).text).toMatch(/That code has expired|is waiting for a code/);
  expect((await alice.asks('/ecs whoami')).text).toContain('You are not signed in');
});

it('tells on the page when somebody cancels at the provider, and a new link works', async () => {
  const { alice } = await worlds.open();
  const page = await alice.getsCode(await alice.asksForLink(), 'nobody');
  expect(page.html).toContain('The identity provider did not sign you in');
  expect(page.html).toContain('/ecs login');
  await alice.signsIn();
});

it('tells on the page that the provider or the cloud is away, and a new link works when they are back', async () => {
  const { alice, identity, cloud } = await worlds.open();
  const link = await alice.asksForLink();
  identity.breakWith(503);
  const confirm = await alice.browser.open(link);
  const away = await alice.browser.submit(confirm);
  expect(away.html).toContain('The identity provider does not answer');
  identity.breakWith(null);
  const next = await alice.asksForLink();
  cloud.outage(true);
  const page = await alice.getsCode(next);
  expect(page.html).toContain('The cloud does not answer');
  cloud.outage(false);
  await alice.signsIn();
});

it('ends a sign-in only in the browser in which it began', async () => {
  const { alice, bob } = await worlds.open();
  const confirm = await alice.browser.open(await alice.asksForLink());
  const stolen = await bob.browser.submit(confirm);
  expect(stolen.status).toBe(403);
  expect(stolen.html).toContain('It ties the sign-in to this browser.');
  const page = await alice.browser.submit(await alice.browser.submit(confirm), { account: 'alice' });
  expect((await alice.asks(`/ecs login ${codeOn(page)}`)).text).toContain('Signed in as alice');
});
