import { describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/index.ts';
import { Bot, named, request, textOf } from './bot.ts';
import { WEB_1 } from './fake-cloud.ts';

/** What changes nothing in the cloud, only what we remember of people and channels, or what ends their tokens. */
const OURS = ['login', 'logout', 'project', 'region'];

describe('--plan', () => {
  it('is taken by every command that changes the cloud', () => {
    const changing = commands.filter(({ changes, name }) => changes && !OURS.includes(name));
    expect(changing.filter(({ args }) => !('plan' in args)).map(({ name }) => name)).toEqual([]);
    expect(changing.length).toBeGreaterThan(8);
  });

  it.each(['start db-1', 'stop web-1', 'stop web-1 --hard', 'reboot web-1', 'reboot web-1 --hard'])(
    'shows for “%s” exactly what it would send, and sends nothing',
    async (line) => {
      const planning = new Bot();
      const shown = textOf(await planning.says(`${line} --plan`));
      expect(planning.cloud.orders).toEqual([]);
      const doing = new Bot();
      await doing.says(`${line}${line.startsWith('start') ? '' : ' --yes'}`);
      expect(doing.cloud.orders).toHaveLength(1);
      expect(shown).toContain(`POST https://cloud.example.test/servers/${line.includes('db-1') ? '2222' : '1111'}`);
      expect(JSON.parse(bodyIn(shown))).toEqual(doing.cloud.orders[0]);
      expect(shown).toContain('x-auth-token: [secret]');
      expect(shown).toContain('Nothing was changed');
    },
  );

  it('is not recorded and not locked: it only looks', async () => {
    const bot = new Bot();
    bot.requests = [request({ state: 'resizing' })];
    expect(bot.dispatcher.plan(bot.typed('start web-1 --plan'))).toEqual({ durable: false });
    expect(textOf(await bot.says('reboot web-1 --plan'))).toContain('This call would be made');
    expect(bot.posted).toEqual([]);
  });

  it('asks back which server, and goes on planning', async () => {
    const bot = new Bot();
    const reply = await bot.says('stop twin --plan');
    expect(textOf(reply)).toContain('2 servers are called `twin`');
    const done = await bot.clicks(named(reply, 'This one'));
    expect(textOf(done)).toContain('os-stop');
    expect(bot.cloud.orders).toEqual([]);
  });

  it('says that nothing would be called for what is so already', async () => {
    const text = textOf(await new Bot().says('start web-1 --plan'));
    expect(text).toContain('No call to the cloud would be made');
    expect(text).toContain('already running');
  });

  it('shows a whole resize before it is asked for, with both of its ends', async () => {
    const bot = new Bot();
    const text = textOf(await bot.says('resize web-1 s3.large.2 --plan'));
    const order = ['os-stop', '"flavorRef": "f-large"', 'confirmResize', 'revertResize', 'os-start'];
    expect(order.map((word) => text.indexOf(word))).toEqual(
      order.map((word) => text.indexOf(word)).toSorted((a, b) => a - b),
    );
    for (const word of order) expect(text).toContain(word);
    expect(bot.asks).toEqual([]);
    expect(text).toContain('Again: `/ecs resize web-1 s3.large.2 --plan`');
  });

  it('neither stops nor starts a server that is off', async () => {
    const text = textOf(await new Bot().says('resize db-1 s3.large.2 --plan'));
    expect(text).not.toMatch(/os-(stop|start)/);
  });

  it('turns the form of an incomplete resize into one that shows the calls', async () => {
    const bot = new Bot();
    expect(bot.dispatcher.plan(bot.typed('resize web-1 --plan'))).toEqual({
      durable: false,
      loading: 'Resize a server',
    });
    const reply = await bot.says('resize web-1 --plan');
    if (reply.kind !== 'modal') throw new Error('no form');
    expect(reply.view.submit?.text).toBe('Show the calls');
    const submitted = bot.submitted('resize:submit', { server: WEB_1, flavor: 'f-large', reason: null });
    submitted.view.privateMetadata = reply.view.private_metadata ?? '';
    expect(bot.dispatcher.plan(submitted)).toEqual({ durable: false, after: 'wait' });
    const text = textOf(await bot.run(submitted));
    expect(text).toContain('confirmResize');
    expect(bot.asks).toEqual([]);
  });

  it.each<[string, string[]]>([
    ['confirm', ['confirmResize', 'os-start']],
    ['revert', ['revertResize', 'os-start']],
    ['deny', []],
    ['cancel', []],
  ])('shows what “%s” would call', async (word, calls) => {
    const bot = new Bot();
    bot.requests = [request({ state: 'awaiting_confirmation' })];
    const text = textOf(await bot.says(`${word} R-7KQ2 --plan`));
    for (const call of calls) expect(text).toContain(call);
    if (calls.length === 0) expect(text).toContain('No call to the cloud');
    expect(bot.decisions).toEqual([]);
  });
});

/** The JSON behind the headers of the only call. */
function bodyIn(text: string): string {
  const [, body = ''] = /\n\n(\{[\s\S]*?\n\})```/.exec(text) ?? [];
  return body;
}
