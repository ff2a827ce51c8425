import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { profiles } from '../../src/openstack/profile.ts';
import { Bot, clickables, DEMO, named, request, session, textOf } from './bot.ts';
import { cloudError, DB_1, FakeCloud, WEB_1 } from './fake-cloud.ts';

/** The cloud obeys at the next look. */
function obedient(goal: string): Bot {
  const bot = new Bot();
  bot.cloud.onLook = (server) => void (bot.cloud.orders.length > 0 && (server.status = goal));
  return bot;
}

describe('stopping and rebooting', () => {
  it('asks first, naming server, project and what is lost', async () => {
    const bot = obedient('SHUTOFF');
    bot.cloud.profile = profiles.otc;
    const reply = await bot.says('stop web-1 --hard');
    expect(textOf(reply)).toContain('Stop `web-1` in project `demo`?');
    expect(textOf(reply)).toContain('what it has not written to disk is lost');
    expect(bot.cloud.orders).toEqual([]);
    const yes = named(reply, 'Stop it');
    expect(yes.value).toBe(`stop ${WEB_1} --hard --yes`);
    const done = await bot.clicks(yes);
    expect(done).toMatchObject({ replace: true });
    expect(bot.cloud.orders).toEqual([{ 'os-stop': { type: 'HARD' } }]);
  });

  it('says that Nova knows no hard stop, what it does instead, and what cuts the power', async () => {
    const bot = obedient('SHUTOFF');
    const reply = await bot.says('stop web-1 --hard');
    expect(textOf(reply)).toContain('This cloud has no hard stop');
    expect(textOf(reply)).toContain('“reboot --hard”');
    await bot.clicks(named(reply, 'Stop it'));
    expect(bot.cloud.orders).toEqual([{ 'os-stop': null }]);
    expect(textOf(await new Bot().says('stop web-1 --hard --plan'))).toContain('This cloud has no hard stop');
  });

  it.each<[string, string, unknown]>([
    ['start db-1', 'ACTIVE', { 'os-start': null }],
    ['stop web-1 --yes', 'SHUTOFF', { 'os-stop': null }],
    ['reboot web-1 --yes', 'ACTIVE', { reboot: { type: 'SOFT' } }],
    ['reboot web-1 --hard --yes', 'ACTIVE', { reboot: { type: 'HARD' } }],
  ])('“%s” is sent once and told in the channel, from asking to end', async (text, goal, order) => {
    const bot = obedient(goal);
    const reply = await bot.says(text);
    expect(bot.cloud.orders).toEqual([order]);
    expect(bot.posted.map(({ key, to }) => ({ key, to }))).toEqual(
      Array.from({ length: 2 }, () => ({ key: 'power:i-1', to: { channelId: 'C0OPS' } })),
    );
    expect(bot.posted[0]?.text).toMatch(/^⏳ <@UALICE> is \w+ `(web|db)-1`\.$/);
    expect(bot.posted[1]?.text).toMatch(new RegExp(`^✅ .*\\(${goal}\\), as <@UALICE> asked\\.$`));
    expect(textOf(reply)).toContain(bot.posted[1]?.text ?? '?');
  });

  it.each(['start web-1', 'stop db-1 --yes'])('“%s” does nothing when it is so already', async (text) => {
    const bot = new Bot();
    expect(textOf(await bot.says(text))).toMatch(/is already (running|shut off): nothing was done/);
    expect(bot.cloud.orders).toEqual([]);
    expect(bot.posted).toEqual([]);
  });

  it('finds out that somebody else was faster', async () => {
    const bot = new Bot();
    bot.cloud.refuses = 'conflict';
    bot.cloud.servers = bot.cloud.servers.map((server) => ({ ...server }));
    const list = bot.cloud.call.bind(bot.cloud);
    bot.cloud.call = async (asked) => {
      // Between our look and our order the server stops.
      if (asked.method === 'POST') for (const server of bot.cloud.servers) server.status = 'SHUTOFF';
      return list(asked);
    };
    expect(textOf(await bot.says('stop web-1 --yes'))).toContain('already shut off');
    expect(bot.posted).toEqual([]);
  });

  it('says in which state a server is that cannot obey', async () => {
    const bot = new Bot({
      cloud: new FakeCloud({ servers: [{ id: WEB_1, name: 'web-1', status: 'BUILD', taskState: 'spawning' }] }),
    });
    bot.cloud.refuses = 'conflict';
    await expect(bot.says('stop web-1 --yes')).rejects.toMatchObject({
      code: 'wrong_state',
      message: expect.stringContaining('web-1 is BUILD (spawning), so stopping it is not possible now.') as string,
    });
  });

  it.each<[line: string, kind: 'network' | 'not_found', said: string]>([
    [
      'stop web-1 --yes',
      'network',
      '⏳ The cloud took <@UALICE>’s order to stop `web-1` and has not answered since; I look no longer.',
    ],
    ['reboot web-1 --yes', 'network', '⏳ The cloud took <@UALICE>’s order to reboot `web-1` and has not answered'],
    ['stop web-1 --yes', 'not_found', '❌ `web-1` was deleted while <@UALICE> was stopping it.'],
  ])('after “%s” claims nothing of a server that it has not seen since (%s)', async (line, kind, said) => {
    const bot = new Bot();
    const call = bot.cloud.call.bind(bot.cloud);
    bot.cloud.call = async (asked) => {
      if (asked.method === 'GET' && bot.cloud.orders.length > 0) throw cloudError(kind, asked);
      return call(asked);
    };
    expect(textOf(await bot.says(line))).toContain(said);
    expect(bot.posted.at(-1)?.text).toContain(said);
  });

  it('quotes what the cloud says of an order it gave up, and mentions nobody by it', async () => {
    const bot = new Bot({ cloud: new FakeCloud({ servers: [{ id: WEB_1, name: 'web-1', status: '<!HERE>' }] }) });
    const by = { user_id: session().cloudUser.id, start_time: '2026-11-21T10:00:00', message: 'Error' };
    bot.cloud.actions = [{ ...by, action: 'stop', request_id: '<!channel>' }];
    await bot.says('stop web-1 --yes');
    const told = bot.posted.at(-1)?.text;
    expect(told).toContain('gave it up: it is still &lt;!HERE&gt;. ');
    expect(told).toContain('(their reference: `&lt;!channel&gt;`)');
  });

  it('refuses while a resize runs, naming it and who asked', async () => {
    const bot = new Bot();
    bot.requests = [request({ state: 'resizing' })];
    await expect(bot.says('stop web-1 --yes')).rejects.toMatchObject({
      code: 'busy',
      mrkdwn: expect.stringMatching(/resize R-7KQ2 runs on `web-1`, asked for by <@UBOB>/) as string,
    });
    expect(bot.cloud.orders).toEqual([]);
  });

  it('does not wait for a resize that nobody has approved', async () => {
    const bot = obedient('SHUTOFF');
    bot.requests = [request()];
    await bot.says('stop web-1 --yes');
    expect(bot.cloud.orders).toHaveLength(1);
  });

  it.each([`stop ${WEB_1} --yes`, `delete ${WEB_1} --yes --called web-1`])(
    'sends nothing when the server was lost to somebody else on the way: “%s”',
    async (line) => {
      const bot = new Bot();
      bot.losesHold = new UserError('busy', 'Bob has it now.');
      await expect(bot.run(bot.clicked({ action_id: 'command:here:yes', value: line }))).rejects.toMatchObject({
        message: 'Bob has it now.',
      });
      expect(bot.cloud.orders).toEqual([]);
      expect(bot.cloud.asked.filter((asked) => !asked.startsWith('GET'))).toEqual([]);
    },
  );

  it('refuses while somebody else holds the server', async () => {
    const bot = new Bot();
    bot.heldBy = new UserError('busy', 'Bob is rebooting it.');
    await expect(bot.says('stop web-1 --yes')).rejects.toMatchObject({ code: 'busy' });
    expect(bot.cloud.orders).toEqual([]);
  });

  it('tells when a server breaks or takes its time', async () => {
    const broken = obedient('ERROR');
    await broken.says('stop web-1 --yes');
    expect(broken.posted.at(-1)?.text).toContain('went into ERROR');
    const slow = new Bot();
    await slow.says('stop web-1 --yes');
    expect(slow.posted.at(-1)?.text).toContain('is still ACTIVE');
  });

  it('goes on looking when one look fails', async () => {
    const bot = obedient('SHUTOFF');
    const call = bot.cloud.call.bind(bot.cloud);
    let failures = 2;
    bot.cloud.call = async (asked) => {
      if (bot.cloud.orders.length > 0 && failures > 0) {
        failures -= 1;
        throw cloudError('unavailable', asked);
      }
      return call(asked);
    };
    await bot.says('stop web-1 --yes');
    expect(bot.posted.at(-1)?.text).toContain('is shut off');
  });

  it('does not reboot twice when it died after the order and is run again', async () => {
    const bot = obedient('ACTIVE');
    const typed = bot.typed('reboot web-1 --yes');
    await bot.run(typed);
    bot.cloud.actions = [
      { action: 'reboot', user_id: 'u-alice', start_time: '2026-11-21T10:00:01', request_id: 'req-1' },
    ];
    await bot.run(typed);
    expect(bot.cloud.orders).toHaveLength(1);
    expect(new Set(bot.posted.map(({ key }) => key)).size).toBe(1);
  });

  it('sends the order when it died before, and when the recorded one was somebody else’s', async () => {
    const bot = obedient('ACTIVE');
    const typed = bot.typed('reboot web-1 --yes');
    bot.seen.add(`power:${typed.id}`);
    bot.cloud.actions = [
      { action: 'reboot', user_id: 'u-bob', start_time: '2026-11-21T10:00:01', request_id: 'req-1' },
      { action: 'reboot', user_id: 'u-alice', start_time: '2026-11-21T09:00:00', request_id: 'req-0' },
    ];
    await bot.run(typed);
    expect(bot.cloud.orders).toHaveLength(1);
  });

  it('tells the end of a stop that it does not remember sending', async () => {
    const bot = new Bot();
    const typed = bot.typed('stop db-1 --yes');
    bot.seen.add(`power:${typed.id}`);
    await bot.run(typed);
    expect(bot.cloud.orders).toEqual([]);
    expect(bot.posted.at(-1)?.text).toContain('`db-1` is shut off (SHUTOFF)');
  });
});

describe('asking for a resize', () => {
  it('is done at once when the line is complete: the card is the answer', async () => {
    const bot = new Bot();
    expect(await bot.says('resize web-1 s3.large.2 --reason more room')).toEqual({ kind: 'none' });
    expect(bot.asks).toEqual([expect.objectContaining({ channelId: 'C0OPS', reason: 'more room', project: DEMO })]);
    expect(bot.asks[0]).toMatchObject({ server: { id: WEB_1, name: 'web-1' }, flavor: { name: 's3.large.2' } });
    expect(bot.cloud.asked).toHaveLength(2);
  });

  it('opens a form when something is missing, with what was typed filled in', async () => {
    const bot = new Bot();
    expect(inputNamed(await bot.says('resize --flavor s3.large.2'), 'flavor')).toMatchObject({
      initial_option: { value: 'f-large' },
    });
    const partial = await bot.says('resize web-1 --reason because');
    expect(partial).toMatchObject({ view: { callback_id: 'resize:submit', private_metadata: '{"channel":"C0OPS"}' } });
    expect(inputNamed(partial, 'reason')).toMatchObject({ initial_value: 'because' });
    expect(inputNamed(partial, 'server')).toMatchObject({ initial_option: { value: WEB_1 } });
  });

  it('offers all servers and flavors when nothing was typed', async () => {
    const reply = await new Bot().says('resize');
    expect(inputNamed(reply, 'server')).toMatchObject({ type: 'static_select', options: { length: 4 } });
    expect(inputNamed(reply, 'flavor')).toMatchObject({
      options: [{ value: 'f-small' }, { value: 'f-large', description: { text: '2 vCPU, 4 GiB' } }],
    });
  });

  it('offers only the servers of an ambiguous name, and chooses none of them', async () => {
    const element = inputNamed(await new Bot().says('resize twin'), 'server');
    expect(element).toMatchObject({ options: { length: 2 } });
    expect(element).not.toHaveProperty('initial_option');
  });

  it('searches as one types where there are more than a menu can hold', async () => {
    const servers = Array.from({ length: 101 }, (_unused, place) => ({
      id: `id-${place}`,
      name: `n-${place}`,
      status: 'ACTIVE',
    }));
    const flavors = Array.from({ length: 101 }, (_unused, place) => ({
      id: `f-${place}`,
      name: `f-${place}`,
      vcpus: 1,
      ram: 1,
    }));
    const reply = await new Bot({ cloud: new FakeCloud({ servers, flavors }) }).says('resize');
    expect(inputNamed(reply, 'server')).toMatchObject({ type: 'external_select', min_query_length: 0 });
    expect(inputNamed(reply, 'flavor')).toMatchObject({ type: 'external_select', min_query_length: 0 });
  });

  it('by the form asks for exactly what was chosen, and says where the card is', async () => {
    const bot = new Bot();
    const reply = await bot.run(bot.submitted('resize:submit', { server: WEB_1, flavor: 'f-large', reason: ' why ' }));
    expect(bot.asks[0]).toMatchObject({ server: { id: WEB_1 }, flavor: { id: 'f-large' }, reason: 'why' });
    expect(textOf(reply)).toContain('Its card is in <#C0OPS>.');
  });

  it('tells why not, where the person is', async () => {
    const bot = new Bot();
    bot.refuses = new UserError('quota', '2 vCPUs are missing.');
    await expect(bot.says('resize web-1 s3.large.2')).rejects.toMatchObject({ code: 'quota' });
    const form = bot.submitted('resize:submit', { server: WEB_1, flavor: 'f-large', reason: null });
    await expect(bot.run(form)).rejects.toMatchObject({ code: 'quota' });
  });

  it('of a server that is gone by then says so', async () => {
    const bot = new Bot();
    const gone = '99999999-9999-4999-8999-999999999999';
    const form = bot.submitted('resize:submit', { server: gone, flavor: 'f-large', reason: null });
    await expect(bot.run(form)).rejects.toMatchObject({ code: 'not_found' });
  });
});

function inputNamed(reply: Awaited<ReturnType<Bot['says']>>, blockId: string): unknown {
  if (reply.kind !== 'modal') return expect.fail('no form');
  const block = reply.view.blocks.find((one) => one.block_id === blockId);
  return block && 'element' in block ? block.element : expect.fail(`no ${blockId}`);
}

describe('deciding', () => {
  it.each(['approve', 'cancel', 'confirm', 'revert'] as const)(
    'the button and the word “%s” do the same',
    async (kind) => {
      const bot = new Bot();
      bot.requests = [request()];
      expect(await bot.clicks({ action_id: `resize:${kind}`, value: 'R-7KQ2' }, { ephemeral: false })).toEqual({
        kind: 'none',
      });
      const reply = await bot.says(`${kind} r-7kq2`);
      const by = { teamId: 'T1', userId: 'UALICE' };
      expect(bot.decisions).toEqual([
        ['R-7KQ2', { kind, by }],
        ['R-7KQ2', { kind, by }],
      ]);
      expect(textOf(reply)).toMatch(/R-7KQ2, `web-1` to `s3.large.2`.*<#C0OPS>/);
    },
  );

  it('asks for a reason before a request is denied, and needs none', async () => {
    const bot = new Bot();
    bot.requests = [request()];
    const reply = await bot.clicks({ action_id: 'resize:deny', value: 'R-7KQ2' }, { ephemeral: false });
    expect(bot.decisions).toEqual([]);
    if (reply.kind !== 'modal') throw new Error('no form');
    expect(JSON.stringify(reply.view.blocks)).toContain(
      'R-7KQ2: `web-1` from `s3.small.1` to `s3.large.2`, asked for by <@UBOB>.',
    );
    expect(inputNamed(reply, 'reason')).toMatchObject({ type: 'plain_text_input', max_length: 300 });
    for (const reason of ['not this week', null]) {
      expect(await bot.run(bot.submitsView(reply.view, { reason }))).toEqual({ kind: 'none' });
    }
    const by = { teamId: 'T1', userId: 'UALICE' };
    expect(bot.decisions).toEqual([
      ['R-7KQ2', { kind: 'deny', by, reason: 'not this week' }],
      ['R-7KQ2', { kind: 'deny', by }],
    ]);
  });

  it('does not open the form of a request that cannot be denied any more', async () => {
    const bot = new Bot();
    bot.refuses = new UserError('already_done', 'Already denied by Bob.');
    await expect(bot.clicks({ action_id: 'resize:deny', value: 'R-7KQ2' })).rejects.toMatchObject({
      code: 'already_done',
    });
  });

  it('says at the field that a reason is too long', () => {
    const bot = new Bot();
    const plan = bot.dispatcher.plan(bot.submitted('resize:deny', { reason: 'x'.repeat(301) }));
    expect(plan).toMatchObject({ errors: { reason: 'At most 300 characters, please.' } });
  });

  it('takes the server’s name for its open request', async () => {
    const bot = new Bot();
    bot.requests = [request()];
    await bot.says('deny web-1 --reason not on a friday');
    expect(bot.decisions).toEqual([
      ['R-7KQ2', { kind: 'deny', by: { teamId: 'T1', userId: 'UALICE' }, reason: 'not on a friday' }],
    ]);
  });

  it.each<[string, RegExp]>([
    ['approve R-NONE', /There is no request R-NONE/],
    ['approve db-1', /No request for db-1 is open/],
    ['approve nobody', /There is no server nobody/],
  ])('“%s” is refused with what to do', async (text, message) => {
    await expect(new Bot().says(text)).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringMatching(message) as string,
    });
  });

  it('asks which, when two servers of that name have an open request', async () => {
    const bot = new Bot();
    const twin = (id: string, serverId: string) =>
      request({ id, plan: { ...request().plan, server: { id: serverId, name: 'twin' } } });
    const [a, b] = bot.cloud.servers.filter(({ name }) => name === 'twin').map(({ id }) => id);
    bot.requests = [twin('R-1AAA', a ?? ''), twin('R-2BBB', b ?? '')];
    await expect(bot.says('approve twin')).rejects.toMatchObject({
      code: 'ambiguous',
      message: expect.stringContaining('R-1AAA or R-2BBB') as string,
    });
  });

  it('passes a refusal on', async () => {
    const bot = new Bot();
    bot.refuses = new UserError('already_done', 'Already denied by Bob.');
    const click = bot.clicks({ action_id: 'resize:approve', value: 'R-7KQ2' });
    await expect(click).rejects.toMatchObject({ code: 'already_done' });
  });
});

describe('requests', () => {
  it('shows state, change and who asked', async () => {
    const bot = new Bot();
    bot.requests = [request()];
    expect(textOf(await bot.says('requests --waiting'))).toContain(
      '`R-7KQ2` *Awaiting approval* · `web-1` `s3.small.1` → `s3.large.2` · <@UBOB> <!date^1795255200^',
    );
  });

  it('does not show requests of projects one is not in', async () => {
    const bot = new Bot({ session: session({ projects: [{ id: 'p-other', name: 'other', domainName: null }] }) });
    bot.requests = [request()];
    const text = textOf(await bot.says('requests'));
    expect(text).toContain('Nobody has asked for a resize in your projects yet.');
    expect(text).not.toContain('web-1');
  });

  it('shows the newest of very many', async () => {
    const bot = new Bot();
    const plan = { ...request().plan, server: { id: DB_1, name: '<!here>'.repeat(30) } };
    bot.requests = Array.from({ length: 90 }, (_unused, place) => request({ id: `R-${place}`, plan }));
    expect(textOf(await bot.says('requests'))).toContain('The newest 20 requests');
  });
});

describe('signing in and out', () => {
  it('gives a link and a button for the code', async () => {
    const reply = await new Bot({ session: null }).says('login');
    expect(JSON.stringify(reply)).toContain('"url":"https://bot.example/login/ticket"');
    expect(clickables(reply).map((one) => one.text)).toEqual(['Open the sign-in page', 'Enter code']);
  });

  it('takes the code as it is typed', async () => {
    const bot = new Bot({ session: null });
    const reply = await bot.says('login 123 456');
    expect(bot.codes).toEqual(['123 456']);
    expect(reply).toMatchObject({ audience: 'person', text: 'Signed in as alice, in project demo.' });
  });

  it('takes the code from the window behind the button', async () => {
    const bot = new Bot({ session: null });
    const form = await bot.clicks(named(await bot.says('login'), 'Enter code'));
    expect(inputNamed(form, 'code')).toMatchObject({ type: 'plain_text_input' });
    const reply = await bot.run(bot.submitted('login:code', { code: ' 123-456 ' }));
    expect(bot.codes).toEqual(['123-456']);
    expect(reply).toMatchObject({ audience: 'person', text: expect.stringMatching(/^Signed in as alice/) as string });
  });

  it('takes an application credential in a window, and shows its secret nowhere', async () => {
    const bot = new Bot({ session: null });
    const form = await bot.says('login --application-credential');
    expect(textOf(form)).toContain('Application credential ID\nSecret');
    const reply = await bot.run(bot.submitted('login:credential', { id: 'abc', secret: 'hush' }));
    expect(reply).toMatchObject({ text: expect.stringMatching(/^Signed in as alice/) as string });
    expect(JSON.stringify(reply)).not.toContain('hush');
  });

  it('tells how many tokens were revoked', async () => {
    expect(textOf(await new Bot().says('logout'))).toContain('You are signed out; 2 tokens were revoked');
  });

  it('tells who one is', async () => {
    const text = textOf(await new Bot().says('whoami'));
    expect(text).toContain('You are `alice` in the cloud.');
    expect(text).toContain('*Project here*\n`demo`');
  });
});

describe('project', () => {
  const projects = [
    { id: 'p-1', name: 'shop', domainName: 'A' },
    { id: 'p-2', name: 'shop', domainName: '<!here>' },
    { id: 'p-3', name: 'ops', domainName: null },
  ];
  const bot = () => new Bot({ session: session({ projects, projectId: null }) });

  it('lists them in a menu that chooses', async () => {
    const one = bot();
    const reply = await one.says('project');
    expect(textOf(reply)).toContain('No project is chosen yet. You have 3.');
    const chosen = await one.clicks(named(reply, 'ops'));
    expect(one.chosen).toEqual(['p-3']);
    expect(chosen).toMatchObject({ replace: true });
    expect(textOf(chosen)).toContain('You work in project `ops` now.');
  });

  it('of the same name in two domains are told apart in the menu, also before the domains are known', async () => {
    const twins = ['p-1', 'p-2'].map((id) => ({ id, name: 'shop', domainName: null }));
    const others = [{ id: 'p-3', name: 'ops', domainName: null }];
    const one = new Bot({ session: session({ projects: [...twins, ...others], projectId: null }) });
    const menu = JSON.stringify(await one.says('project'));
    for (const { id } of twins) expect(menu).toContain(`id ${id}`);
    expect(menu).not.toContain('id p-3');
  });

  it.each(['ops', 'OPS', 'p-3'])('is chosen by “%s”', async (typed) => {
    const one = bot();
    await one.says(`project ${typed}`);
    expect(one.chosen).toEqual(['p-3']);
  });

  it('of a name that two have is asked for', async () => {
    const one = bot();
    const reply = await one.says('project shop');
    expect(one.chosen).toEqual([]);
    expect(textOf(reply)).toContain('2 projects are called `shop`: which one?');
    expect(JSON.stringify(reply)).not.toContain('<!here>');
    await one.clicks(clickables(reply)[1] ?? {});
    expect(one.chosen).toEqual(['p-2']);
  });

  it('that one does not have is refused with the nearest', async () => {
    await expect(bot().says('project opss')).rejects.toMatchObject({
      code: 'not_found',
      message: 'You have no project opss. Near it: ops.',
    });
  });

  it('becomes the channel’s, for everybody to see, and is taken away again', async () => {
    const one = bot();
    const reply = await one.says('project ops --channel');
    expect(reply).toMatchObject({ audience: 'channel' });
    expect(textOf(reply)).toContain('<@UALICE> chose project `ops` for this channel');
    expect(one.channelProject).toBe('p-3');
    expect(one.chosen).toEqual([]);
    await one.says('project --channel --forget');
    expect(one.channelProject).toBeNull();
  });

  it('of one’s own says when the channel’s goes first', async () => {
    const one = bot();
    one.channelProject = 'p-1';
    expect(textOf(await one.says('project ops'))).toContain('This channel has its own project, `shop`');
  });
});
