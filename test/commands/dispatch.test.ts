import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import type { SuggestionInteraction } from '../../src/slack/reply.ts';
import { ALICE, Bot, CHANNEL, clickables, named, textOf } from './bot.ts';
import { AT, FakeCloud, WEB_1 } from './fake-cloud.ts';

describe('before the receipt to Slack', () => {
  it.each<[string, object]>([
    ['list', { durable: false }],
    ['show web-1', { durable: false }],
    ['login', { durable: false }],
    ['login 123-456', { durable: false }],
    ['login --application-credential', { durable: false, loading: 'Sign in' }],
    ['logout', { durable: true }],
    ['project', { durable: false }],
    ['project demo', { durable: true }],
    ['start web-1', { durable: true }],
    ['start', { durable: false }],
    ['stop web-1', { durable: false }],
    ['stop web-1 --yes', { durable: true }],
    ['resize web-1 s3.large.2', { durable: true }],
    ['resize web-1', { durable: false, loading: 'Resize a server' }],
    ['resize', { durable: false, loading: 'Resize a server' }],
    ['approve R-7KQ2', { durable: true }],
    ['no such word', { durable: false }],
    ['show "never closed', { durable: false }],
    ['x'.repeat(5_000), { durable: false }],
  ])('“%s” is planned as %o', (text, plan) => {
    const bot = new Bot();
    expect(bot.dispatcher.plan(bot.typed(text))).toEqual(plan);
    expect(bot.cloud.asked).toEqual([]);
    expect(bot.reads).toEqual([]);
  });

  it.each<[string, string, object]>([
    ['resize:approve', 'R-7KQ2', { durable: true }],
    ['resize:revert', 'R-7KQ2', { durable: true }],
    ['login:code', '', { durable: false, loading: 'Enter code' }],
    ['command:run:resize', `resize ${WEB_1}`, { durable: false, loading: 'Resize a server' }],
    ['command:here:yes', `stop ${WEB_1} --yes`, { durable: true }],
    ['command:here:next', 'list --marker x', { durable: false }],
    ['command:link', '', { durable: false }],
    ['resize:explode', 'R-7KQ2', { durable: false }],
  ])('a click on %s with “%s” is planned as %o', (actionId, value, plan) => {
    const bot = new Bot();
    expect(bot.dispatcher.plan(bot.clicked({ action_id: actionId, value }))).toEqual(plan);
  });

  it.each<[string, Record<string, string | null>, object]>([
    ['resize:submit', { server: WEB_1, flavor: 'f-large', reason: null }, { durable: true, after: 'wait' }],
    [
      'resize:submit',
      { server: null, flavor: null, reason: null },
      { durable: false, errors: { server: 'Choose a server.', flavor: 'Choose the flavor it shall have.' } },
    ],
    [
      'resize:submit',
      { server: WEB_1, flavor: 'f-large', reason: 'x'.repeat(301) },
      { durable: false, errors: { reason: 'At most 300 characters, please.' } },
    ],
    ['login:code', { code: '123-456' }, { durable: false, after: 'close' }],
    ['login:code', { code: 'hello' }, { durable: false, errors: { code: 'Type the digits that the page shows.' } }],
    ['login:credential', { id: 'abc', secret: 's3cret' }, { durable: false, after: 'close' }],
    [
      'login:credential',
      { id: null, secret: ' ' },
      {
        durable: false,
        errors: {
          id: 'Enter the id that the cloud shows for the credential.',
          secret: 'Enter the secret; the cloud showed it once, when it was made.',
        },
      },
    ],
    ['old:form', {}, { durable: false }],
    ['constructor', {}, { durable: false }],
    ['__proto__', {}, { durable: false }],
  ])('the form %s with %o is planned as %o', (callbackId, values, plan) => {
    const bot = new Bot();
    expect(bot.dispatcher.plan(bot.submitted(callbackId, values))).toEqual(plan);
  });
});

describe('an answer for one person', () => {
  it('ends with the full command that repeats it, and can be shared', async () => {
    const bot = new Bot();
    const reply = await bot.says('List status:active');
    expect(reply).toMatchObject({ kind: 'message', audience: 'person' });
    expect(reply).not.toHaveProperty('replace');
    expect(textOf(reply)).toMatch(/Again: `\/ecs list --status ACTIVE`$/);
    expect(named(reply, 'Share').value).toBe('list --status ACTIVE');
  });

  it('is not for sharing when it is about the person, or changes something', async () => {
    const bot = new Bot();
    for (const text of ['login', 'whoami', 'project', 'logout', 'stop web-1']) {
      const reply = await bot.says(text);
      expect(clickables(reply).map((one) => one.text)).not.toContain('Share');
      expect(textOf(reply)).toContain(`Again: \`/ecs ${text}\``);
    }
  });

  it('never repeats a one-time code', async () => {
    const bot = new Bot();
    const reply = await bot.says('login 123-456');
    expect(JSON.stringify(reply)).not.toContain('123-456');
    expect(textOf(reply)).toContain('Again: `/ecs login`');
  });
});

describe('the line that a refusal keeps', () => {
  it.each<[string, string | null]>([
    ['list status:active', '/ecs list --status ACTIVE'],
    ['lits', '/ecs lits'],
    ['list --limit many', '/ecs list --limit many'],
    ['show &lt;web-1&gt; too many words', '/ecs show <web-1> too many words'],
    ['login 123-456', '/ecs login'],
    ['login --application-credentail id s3cret', null],
    ['“login --secret s3cret', null],
    ['keypair import laptop -----BEGIN OPENSSH PRIVATE KEY----- s3cret', null],
    ['kypair import "-----BEGIN OPENSSH PRIVATE KEY----- s3cret', null],
    ['x'.repeat(600), null],
  ])('of “%s” is %j', (text, line) => {
    const bot = new Bot();
    expect(bot.dispatcher.repeat(bot.typed(text))).toBe(line);
  });

  it('is the one that a button stands for, and none for a click on a card', () => {
    const bot = new Bot();
    const show = bot.clicked({ action_id: 'command:run:x', value: 'show web-1' });
    expect(bot.dispatcher.repeat(show)).toBe('/ecs show web-1');
    expect(bot.dispatcher.repeat(bot.clicked({ action_id: 'resize:approve', value: 'R-1' }))).toBeNull();
  });
});

describe('sharing', () => {
  it('runs the command again and posts the answer without buttons, naming who shared it', async () => {
    const bot = new Bot();
    const reply = await bot.clicks(named(await bot.says('show web-1'), 'Share'));
    expect(reply).toMatchObject({ kind: 'message', audience: 'channel' });
    expect(textOf(reply)).toContain('`web-1` is ACTIVE');
    expect(textOf(reply)).toMatch(/Shared by <@UALICE> · `\/ecs show web-1`$/);
    expect(clickables(reply)).toEqual([]);
    expect(bot.cloud.asked).toHaveLength(2);
  });

  it('does not post what is not for sharing, whatever a button claims', async () => {
    const bot = new Bot();
    const reply = await bot.clicks({ action_id: 'command:share', value: 'whoami' });
    expect(reply).toMatchObject({ audience: 'person' });
  });
});

describe('clicks', () => {
  it('on a page button replace the message they stand in, if it is the person’s own', async () => {
    const bot = new Bot();
    const next = named(await bot.says('list --limit 2'), 'Next');
    expect(await bot.clicks(next)).toMatchObject({ replace: true });
    expect(await bot.clicks(next, { ephemeral: false })).not.toHaveProperty('replace');
  });

  it('on a link need no answer', async () => {
    const bot = new Bot();
    const link = named(await bot.says('login'), 'Open the sign-in page');
    expect(await bot.clicks(link)).toEqual({ kind: 'none' });
  });

  it.each(['resize:explode', 'nothing', '', 'command:', 'commandx:run'])(
    'on “%s”, which we do not have (any more), say so',
    async (actionId) => {
      const bot = new Bot();
      await expect(bot.clicks({ action_id: actionId, value: 'x' })).rejects.toMatchObject({
        code: 'unsupported',
        message: expect.stringContaining('older version') as string,
      });
    },
  );

  it('with a line we no longer understand say what is wrong', async () => {
    const bot = new Bot();
    await expect(bot.clicks({ action_id: 'command:run', value: 'lsit' })).rejects.toMatchObject({
      code: 'unknown_word',
    });
  });

  it('never leave an offer standing that was taken', async () => {
    const bot = new Bot();
    const twins = await bot.says('resize twin s3.large.2');
    const pick = clickables(twins)[0] ?? { action_id: '', value: '', text: '' };
    const reply = await bot.clicks(pick);
    expect(bot.asks).toHaveLength(1);
    expect(reply).toMatchObject({ kind: 'message', audience: 'person', replace: true, text: 'Done.' });
  });
});

describe('forms', () => {
  it('that we do not have (any more) are refused', async () => {
    const bot = new Bot();
    await expect(bot.run(bot.submitted('old:form', {}))).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('survive private metadata that is not ours', async () => {
    const bot = new Bot();
    for (const privateMetadata of ['', 'nonsense', '[]', 'null', '{"channel":7}']) {
      const form = bot.submitted('resize:submit', { server: WEB_1, flavor: 'f-large', reason: null });
      const run = bot.run({ ...form, view: { ...form.view, privateMetadata } });
      await expect(run).rejects.toMatchObject({ code: 'bad_usage' });
    }
  });
});

describe('people who are not signed in', () => {
  it.each(['list', 'show web-1', 'whoami', 'resize web-1 s3.large.2', 'stop web-1 --yes'])(
    'are told so for “%s”',
    async (text) => {
      const bot = new Bot({ session: null });
      await expect(bot.says(text)).rejects.toMatchObject({ code: 'not_signed_in' });
      expect(bot.cloud.asked).toEqual([]);
    },
  );

  it.each(['', 'help', 'help resize', 'login', 'logout'])('can use “%s”', async (text) => {
    expect(await new Bot({ session: null }).says(text)).toMatchObject({ kind: 'message' });
  });
});

describe('what it costs', () => {
  it.each(['list', 'list --status ACTIVE --limit 5', 'show web-1', `show ${WEB_1}`, 'flavors'])(
    '“%s” is one cloud request and one reading of Redis',
    async (text) => {
      const bot = new Bot();
      await bot.says(text);
      expect(bot.cloud.asked).toHaveLength(1);
      expect(bot.reads).toEqual(['session', 'channel']);
    },
  );

  it('the resize form is one cloud request while flavors are remembered', async () => {
    const bot = new Bot();
    await bot.says('resize');
    bot.cloud.asked.length = 0;
    await bot.says('resize');
    expect(bot.cloud.asked).toEqual(['GET /servers/detail?limit=100']);
  });

  it('a list costs the same on a cloud that names flavors by id, once they are remembered', async () => {
    const bot = new Bot({
      cloud: new FakeCloud({ servers: [{ id: WEB_1, name: 'web-1', status: 'ACTIVE', flavorId: 'f-large' }] }),
    });
    expect(textOf(await bot.says('list'))).toContain('s3.large.2 (2 vCPU, 4 GiB)');
    bot.cloud.asked.length = 0;
    await bot.says('list');
    expect(bot.cloud.asked).toHaveLength(1);
  });
});

describe('search boxes', () => {
  function typing(actionId: string, query: string): SuggestionInteraction {
    return { kind: 'suggestion', id: 's', person: ALICE, receivedAt: AT, actionId, query, view: null };
  }

  it('offer servers by name', async () => {
    const bot = new Bot();
    expect(await bot.dispatcher.suggest(typing('resize:server', 'WEB'))).toEqual([
      { text: 'web-1', value: WEB_1, description: 'ACTIVE · s3.small.1' },
    ]);
  });

  it('offer flavors by name', async () => {
    const bot = new Bot();
    const found = await bot.dispatcher.suggest(typing('resize:flavor', 'large'));
    expect(found).toEqual([{ text: 's3.large.2', value: 'f-large', description: '2 vCPU, 4 GiB' }]);
  });

  it('offer nothing to somebody who is not signed in, and nothing for a box we do not know', async () => {
    expect(await new Bot({ session: null }).dispatcher.suggest(typing('resize:server', 'web'))).toEqual([]);
    expect(await new Bot().dispatcher.suggest(typing('old:box', 'web'))).toEqual([]);
    expect(await new Bot().dispatcher.suggest(typing('__proto__', 'web'))).toEqual([]);
  });
});

describe('the project of a channel', () => {
  const others = [
    { id: 'p-demo', name: 'demo', domainName: null },
    { id: 'p-shop', name: 'shop', domainName: null },
  ];

  it('goes before the person’s own choice', async () => {
    const bot = new Bot();
    bot.session = { ...(bot.session ?? expect.fail()), projects: others };
    bot.channelProject = 'p-shop';
    expect(textOf(await bot.says('list'))).toContain('in project `shop`');
  });

  it('does not count for somebody who is not in it', async () => {
    const bot = new Bot();
    bot.channelProject = 'p-secret';
    expect(textOf(await bot.says('list'))).toContain('in project `demo`');
  });

  it('must be chosen where several are possible', async () => {
    const bot = new Bot();
    bot.session = { ...(bot.session ?? expect.fail()), projects: others, projectId: null };
    await expect(bot.says('list')).rejects.toBeInstanceOf(UserError);
    await expect(bot.says('list')).rejects.toMatchObject({ code: 'bad_usage' });
    expect(textOf(await bot.says('whoami'))).toContain('none chosen yet');
  });

  it('is asked for where the window remembers the channel', async () => {
    const bot = new Bot();
    await bot.run(bot.submitted('resize:submit', { server: WEB_1, flavor: 'f-large', reason: null }));
    expect(bot.asks[0]).toMatchObject({ channelId: CHANNEL, flavor: { id: 'f-large' }, reason: null });
  });
});
