// What Slack sends a second time because it did not see our answer in time: worked once, whatever it is.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  click,
  clickInView,
  commandFields,
  homeOpened,
  runSlack,
  submission,
  viewOf,
  type Running,
} from './support/running-slack.ts';

let bot: Running;
beforeEach(async () => {
  bot = await runSlack();
});
afterEach(async () => bot.close());

type Send = (retry: number) => Promise<{ status: number }>;

/** The same delivery, however often it is sent; each call of a maker is a new one. */
const kinds: [what: string, make: () => Send][] = [
  ['a command', () => form({ ...commandFields(bot.fake), text: 'list' })],
  ['a click on a message', () => interactive(click(bot.fake))],
  ['a click in a window', () => interactive(clickInView(bot.fake, viewOf()))],
  ['a form', () => interactive(submission())],
  ['a look at the home tab', () => event(homeOpened())],
];

function form(fields: Record<string, string>): Send {
  const body = new URLSearchParams(fields).toString();
  return (retry) => bot.send(body, { headers: retryHeaders(retry) });
}

function interactive(payload: object): Send {
  return form({ payload: JSON.stringify(payload) });
}

function event(payload: object): Send {
  const body = JSON.stringify(payload);
  return (retry) => bot.send(body, { headers: { 'content-type': 'application/json', ...retryHeaders(retry) } });
}

/** https://docs.slack.dev/apis/events-api#retries */
function retryHeaders(retry: number): Record<string, string> {
  return retry === 0 ? {} : { 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': 'http_timeout' };
}

describe.each(kinds)('%s', (_what, make) => {
  it('sent again is acked again and worked once', async () => {
    const send = make();
    for (const retry of [0, 1, 2, 3]) expect(await send(retry)).toMatchObject({ status: 200 });
    await bot.settle();
    expect(bot.ran).toHaveLength(1);
  });

  it('sent again while the first is being worked on is worked once', async () => {
    const send = make();
    const answers = await Promise.all([0, 1, 2].map(send));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    await bot.settle();
    expect(bot.ran).toHaveLength(1);
  });

  it('is recorded under the same id each time, so that replicas know it', async () => {
    bot.features.plan = { durable: true };
    const send = make();
    for (const retry of [0, 1]) await send(retry);
    await make()(0);
    const [first, again, another] = bot.recorded.map(({ id }) => id);
    expect(again).toBe(first);
    expect(another).not.toBe(first);
  });

  it('that is another one, though it looks the same, is worked too', async () => {
    await make()(0);
    await make()(0);
    await bot.settle();
    expect(bot.ran).toHaveLength(2);
  });
});
