import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { click, commandFields, homeOpened, type Running, runSlack, submission } from './support/running-slack.ts';

let bot: Running;
beforeEach(async () => {
  bot = await runSlack();
});
afterEach(async () => bot.close());

const MINUTE = 60_000;
const form = () => new URLSearchParams({ ...commandFields(bot.fake), text: 'list' }).toString();

describe('a request that claims to come from Slack', () => {
  it('is taken when its signature is good', async () => {
    expect((await bot.command('list')).status).toBe(200);
    await bot.settle();
    expect(bot.ran).toMatchObject([{ kind: 'command', text: 'list' }]);
  });

  it.each([
    ['signed with another secret', { secret: 'other' }],
    ['not signed at all', { headers: { 'x-slack-signature': '' } }],
    ['signed in an unknown way', { headers: { 'x-slack-signature': 'v9=00' } }],
    ['without a time', { headers: { 'x-slack-request-timestamp': '' } }],
    ['with a time that is no number', { headers: { 'x-slack-request-timestamp': 'noon' } }],
  ])('is refused when it is %s', async (_, change) => {
    expect((await bot.send(form(), change)).status).toBe(401);
    await bot.settle();
    expect(bot.ran).toEqual([]);
  });

  it.each([
    ['six minutes old', -6 * MINUTE, 401],
    ['four minutes old', -4 * MINUTE, 200],
    ['six minutes in the future', 6 * MINUTE, 401],
    ['a minute in the future', MINUTE, 200],
  ])('%s, is answered as it should be', async (_, offset, status) => {
    expect((await bot.send(form(), { at: bot.clock.now() + offset })).status).toBe(status);
  });

  it('is answered when Slack only checks the connection', async () => {
    const answer = await bot.send('ssl_check=1&command=%2Fecs&text=delete', { secret: 'other' });
    expect(answer.status).toBe(200);
    await bot.settle();
    expect(bot.ran).toEqual([]);
  });

  it('proves to Slack that the address is ours', async () => {
    const answer = await bot.event({ type: 'url_verification', challenge: 'abc' });
    expect(answer.json()).toEqual({ challenge: 'abc' });
  });

  it('is understood with a charset behind its content type', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    expect((await bot.send(form(), { headers })).status).toBe(200);
    await bot.settle();
    expect(bot.ran).toHaveLength(1);
  });

  it('is refused when it is too big', async () => {
    expect((await bot.send(`text=${'x'.repeat(2 ** 21)}`)).status).toBe(413);
  });
});

describe('a malformed request', () => {
  it.each(['payload=null', 'payload=%7B', 'payload=%5B1%5D', 'payload='])('%s is refused', async (body) => {
    expect((await bot.send(body)).status).toBe(400);
  });

  it.each([
    ['no user', (): unknown => click(bot.fake, { user: undefined })],
    ['a user without id', (): unknown => click(bot.fake, { user: {} })],
    ['no actions', (): unknown => click(bot.fake, { actions: [] })],
    ['null actions', (): unknown => click(bot.fake, { actions: null })],
    ['an action without id', (): unknown => click(bot.fake, { actions: [{ type: 'button' }] })],
    ['a view without anything', (): unknown => ({ ...submission(), view: {} })],
    ['a null view', (): unknown => ({ ...submission(), view: null })],
    ['nothing but a type', (): unknown => ({ type: 'block_actions' })],
    ['an unknown type', (): unknown => ({ type: 'something_new' })],
    ['no type', (): unknown => ({})],
    ['a suggestion without a user', (): unknown => ({ type: 'block_suggestion', action_id: 'a' })],
  ])('with %s is answered without running anything, and the next one works', async (_, payload) => {
    const answer = await bot.interactive(payload());
    expect(answer.status).toBe(200);
    expect((await bot.command('list')).status).toBe(200);
    await bot.settle();
    expect(bot.ran).toMatchObject([{ kind: 'command' }]);
  });

  it('that is a command without a user is told so', async () => {
    const answer = await bot.command('list', { user_id: '' });
    expect(answer.json()['text']).toContain('could not read');
    await bot.settle();
    expect(bot.ran).toEqual([]);
    expect(bot.log).toContainEqual(expect.objectContaining({ level: 'warn', fields: { kind: 'command' } }));
  });

  it('that is an event without a user is ignored', async () => {
    expect((await bot.event(homeOpened({ event: { type: 'app_home_opened' } }))).status).toBe(200);
    expect((await bot.event(homeOpened({ event: null }))).status).toBe(200);
    await bot.settle();
    expect(bot.ran).toEqual([]);
  });

  it('for a command that is not ours is answered at once', async () => {
    expect((await bot.command('x', { command: '/other' })).status).toBe(200);
    await bot.settle();
    expect(bot.ran).toEqual([]);
  });
});
