import { describe, expect, it } from 'vitest';
import { Bot, clickables, DEMO, mrkdwnOf, named, request, session, textOf } from './bot.ts';
import { StockedCloud, UBUNTU } from './stocked-cloud.ts';
import { AT, cloudError, DB_1, FakeCloud, type FakeServer, TWIN_A, TWIN_B, WEB_1 } from './fake-cloud.ts';

function many(count: number, parts: Partial<FakeServer> = {}): FakeServer[] {
  return Array.from({ length: count }, (_unused, place) => ({
    id: `00000000-0000-4000-8000-${String(place + 1).padStart(12, '0')}`,
    name: `server-${place + 1}`,
    status: 'ACTIVE',
    ...parts,
  }));
}

const HOSTILE = [
  '<!channel>',
  '<@U1> & <#C1|x>',
  '`code` *bold* _it_ ~no~',
  'x'.repeat(250),
  '&'.repeat(250),
  'שרת-\u202eevil\u202c',
  'line\nbreak\u0000\u200b',
  '🙂'.repeat(120),
];

/** A mention, a tag other than our own dates, or a character that nobody sees. */
const HARM = /<(?!!date\^\d)|(?!\n)[\p{Cc}\u202a-\u202e\u200b]/u;

describe('list', () => {
  it('shows name, status, flavor, address and zone', async () => {
    const reply = await new Bot().says('list');
    expect(textOf(reply)).toContain(
      '4 servers in project `demo`\n🟢 `web-1` ACTIVE · s3.small.1 (1 vCPU, 1 GiB) · 10.0.0.5 · eu-de-01',
    );
  });

  it('passes every filter on to the cloud', async () => {
    const bot = new Bot();
    await bot.says(
      'list --name web --status active --flavor s3.large.2 --image b51ee08d-4849-499b-b81e-9dd038400da8 --changes-since 2h --limit 5 --not-tags a,b --reservation-id r-1 --all-tenants',
    );
    const query = new URLSearchParams(bot.cloud.asked.at(-1)?.split('?')[1]);
    expect(Object.fromEntries(query)).toEqual({
      name: 'web',
      status: 'ACTIVE',
      flavor: 'f-large',
      image: 'b51ee08d-4849-499b-b81e-9dd038400da8',
      'changes-since': '2026-11-21T08:00:00Z',
      'not-tags': 'a,b',
      reservation_id: 'r-1',
      all_tenants: 'true',
      limit: '5',
    });
  });

  it('finds an image by its name', async () => {
    const cloud = new StockedCloud();
    await new Bot({ cloud }).says('list --image "ubuntu 24.04"');
    expect(cloud.asked.at(-1)).toContain(`image=${UBUNTU}`);
    await expect(new Bot({ cloud }).says('list --image ubunt')).rejects.toMatchObject({
      code: 'not_found',
      message: 'There is no image ubunt in this project. Near it: Ubuntu 24.04.',
    });
  });

  it('tells servers of the same name apart in its menu, and so do others', async () => {
    for (const line of ['list', 'show', 'resize']) {
      const menu = JSON.stringify(await new Bot().says(line));
      for (const id of [TWIN_A, TWIN_B])
        expect(menu).toMatch(new RegExp(`"description":{"type":"plain_text","text":"[^"]*${id}"`));
      expect(menu).not.toMatch(new RegExp(`"description":{"type":"plain_text","text":"[^"]*${WEB_1}"`));
    }
  });

  it('says of a page that there are more', async () => {
    const bot = new Bot({ cloud: new FakeCloud({ servers: many(5) }) });
    const first = await bot.says('list --limit 2');
    expect(textOf(first)).toContain('2 servers in project `demo`, and there are more\n');
    const second = await bot.clicks(named(first, 'Next'));
    expect(textOf(second)).toContain('2 more servers in project `demo`, and there are more\n');
    expect(textOf(await bot.clicks(named(second, 'Next')))).toContain('1 more server in project `demo`\n');
  });

  it('says so when there is nothing', async () => {
    const bot = new Bot({ cloud: new FakeCloud({ servers: [] }) });
    expect(textOf(await bot.says('list'))).toContain('There are no servers in project `demo`.');
  });

  it('refuses an unknown flavor with the nearest ones', async () => {
    await expect(new Bot().says('list --flavor s3.large.3')).rejects.toMatchObject({
      code: 'not_found',
      message: 'There is no flavor s3.large.3 in this project. Near it: s3.large.2.',
    });
  });

  it('leads forth and back through the pages, in place', async () => {
    const bot = new Bot({ cloud: new FakeCloud({ servers: many(7) }) });
    const seen: string[] = [];
    let reply = await bot.says('list --limit 2');
    for (const step of ['Next', 'Next', 'Next', 'Previous', 'Previous', 'Previous']) {
      seen.push(firstServer(reply));
      reply = await bot.clicks(named(reply, step));
      expect(reply).toMatchObject({ replace: true });
    }
    expect([...seen, firstServer(reply)]).toEqual([1, 3, 5, 7, 5, 3, 1].map((place) => `server-${place}`));
    const labels = clickables(reply).map(({ text }) => text);
    expect(labels).toContain('Next');
    expect(labels).not.toContain('Previous');
  });

  it('shows the page in the repeated line, and not how one came there', async () => {
    const bot = new Bot({ cloud: new FakeCloud({ servers: many(9) }) });
    let reply = await bot.says('list --limit 2');
    for (const step of ['Next', 'Next', 'Next']) reply = await bot.clicks(named(reply, step));
    expect(textOf(reply)).toMatch(/Again: `\/ecs list --limit 2 --marker 00000000-0000-4000-8000-000000000006`$/);
    expect(named(reply, 'Share').value).not.toContain('trail');
  });

  it('keeps its buttons small however far one pages', async () => {
    const bot = new Bot({ cloud: new FakeCloud({ servers: many(60) }) });
    let reply = await bot.says('list --limit 1');
    for (let page = 0; page < 40; page += 1) reply = await bot.clicks(named(reply, 'Next'));
    expect(firstServer(reply)).toBe('server-41');
    expect(firstServer(await bot.clicks(named(reply, 'Previous')))).toBe('server-40');
    expect(named(reply, 'Next').value.length).toBeLessThan(600);
  });

  it('says on the page after a full last one that there are no more, with the way back', async () => {
    const bot = new Bot({ cloud: new FakeCloud({ servers: many(20) }) });
    const last = await bot.clicks(named(await bot.says('list'), 'Next'));
    expect(textOf(last)).toContain('No more servers in project `demo`.');
    expect(clickables(last).map(({ text }) => text)).not.toContain('Next');
    expect(textOf(await bot.clicks(named(last, 'Previous')))).toContain('20 servers in project');
  });

  it('tells when the page is gone', async () => {
    await expect(new Bot().says('list --marker gone')).rejects.toMatchObject({ code: 'wrong_state' });
  });

  it('lets one open a server from the list', async () => {
    const bot = new Bot();
    const reply = await bot.clicks(named(await bot.says('list'), 'db-1'));
    expect(textOf(reply)).toContain('`db-1` is SHUTOFF');
    expect(reply).not.toHaveProperty('replace');
  });

  it.each([20, 50])('fits %i servers into one message, whatever they are called', async (limit) => {
    for (const name of HOSTILE) {
      const bot = new Bot({ cloud: new FakeCloud({ servers: many(limit, { name }) }) });
      const reply = await bot.says(`list --limit ${limit}`);
      expect(textOf(reply)).toContain(`${limit} servers`);
    }
  });

  it('counts what one message cannot hold', async () => {
    const bot = new Bot({ cloud: new FakeCloud({ servers: many(50, { name: '&'.repeat(250) }) }) });
    expect(textOf(await bot.says('list --limit 50'))).toMatch(/… and \d+ more that one message cannot hold/);
    const plain = new Bot({ cloud: new FakeCloud({ servers: many(50, { name: 'frontend-production-eu-17' }) }) });
    expect(textOf(await plain.says('list --limit 50'))).not.toContain('cannot hold');
  });

  it('escapes what the cloud and people named', async () => {
    for (const name of HOSTILE) {
      const bot = new Bot({
        cloud: new FakeCloud({ servers: many(1, { name, taskState: '<!here>' }) }),
        session: session({ projects: [{ ...DEMO, name: '<!everyone>' }] }),
      });
      expect(mrkdwnOf(await bot.says('list'))).not.toMatch(HARM);
    }
  });
});

function firstServer(reply: Parameters<typeof textOf>[0]): string {
  return /`(server-\d+)`/.exec(textOf(reply))?.[1] ?? 'none';
}

/** Behind three dots. */
const MORE = ['Attach a disk', 'Attach a NIC', 'Delete'];

describe('show', () => {
  it('tells what there is to know and offers what can be done now', async () => {
    const reply = await new Bot().says('show web-1');
    const text = textOf(reply);
    expect(text).toContain('🟢 `web-1` is ACTIVE');
    expect(text).toContain('*Flavor*\ns3.small.1 (1 vCPU, 1 GiB)');
    expect(text).toContain('*Addresses*\n10.0.0.5');
    expect(text).toContain('*Zone*\neu-de-01');
    expect(text).toContain(`looked at <!date^${AT / 1000}^`);
    expect(clickables(reply).map((one) => one.text)).toEqual([
      'Resize',
      'Reboot',
      'Stop',
      ...MORE,
      'Details',
      'Refresh',
      'Share',
    ]);
    expect(text).toContain('*Image*\nboots from a disk');
  });

  it.each([
    ['VERIFY_RESIZE', 'Confirm or revert it with the cloud’s own tools'],
    ['SHELVED', 'unshelve it with the cloud’s own tools'],
    ['RESCUE', 'It runs from a rescue image'],
    ['UNKNOWN', 'does not answer'],
  ])('says of a server in %s why nothing is offered', async (status, words) => {
    const bot = new Bot({ cloud: new FakeCloud({ servers: many(1, { status }) }) });
    expect(textOf(await bot.says('show server-1'))).toContain(words);
  });

  it.each<[Partial<FakeServer>, string[]]>([
    [{ status: 'SHUTOFF' }, ['Start', 'Resize', ...MORE]],
    [{ status: 'ERROR' }, ['Reboot hard', 'Stop', 'Delete']],
    [{ status: 'PAUSED' }, ['Reboot hard', 'Delete']],
    [{ status: 'VERIFY_RESIZE' }, []],
    [{ status: 'BUILD', taskState: 'spawning' }, []],
    [{ status: 'ACTIVE', taskState: 'powering-off' }, []],
    [{ status: 'ACTIVE', locked: true }, []],
    [{ status: 'SHELVED_OFFLOADED' }, ['Delete']],
    [{ status: 'UNKNOWN' }, []],
  ])('offers for %o: %o', async (parts, buttons) => {
    const bot = new Bot({ cloud: new FakeCloud({ servers: many(1, parts) }) });
    const shown = clickables(await bot.says('show server-1')).map((one) => one.text);
    expect(shown).toEqual([...buttons, 'Details', 'Refresh', 'Share']);
  });

  it('offers to end a resize that waits for it, and tells where its card is', async () => {
    const bot = new Bot();
    for (const server of bot.cloud.servers) server.status = 'VERIFY_RESIZE';
    bot.requests = [request({ state: 'awaiting_confirmation' })];
    const reply = await bot.says('show web-1');
    expect(textOf(reply)).toContain(
      'Resize `R-7KQ2` to `s3.large.2`: *Awaiting confirmation*. Its card is in <#C0OPS>.',
    );
    await bot.clicks(named(reply, 'Confirm'));
    expect(bot.decisions).toMatchObject([['R-7KQ2', { kind: 'confirm' }]]);
    expect(clickables(reply).map((one) => one.text)).toContain('Revert');
  });

  it('tells of another workspace’s resize only that there is one', async () => {
    const bot = new Bot();
    for (const server of bot.cloud.servers) server.status = 'VERIFY_RESIZE';
    const requester = { teamId: 'T2', userId: 'UMALLORY' };
    bot.requests = [request({ state: 'awaiting_confirmation', requester })];
    const reply = await bot.says('show web-1');
    expect(textOf(reply)).toContain('A resize asked for in another Slack workspace: *Awaiting confirmation*.');
    expect(textOf(reply)).not.toContain('R-7KQ2');
    expect(clickables(reply).map((one) => one.text)).toEqual(['Details', 'Refresh', 'Share']);
  });

  it('looks again in place', async () => {
    const bot = new Bot();
    const reply = await bot.says('show web-1');
    const server = bot.cloud.servers[0];
    if (server) server.status = 'SHUTOFF';
    const again = await bot.clicks(named(reply, 'Refresh'));
    expect(again).toMatchObject({ replace: true });
    expect(textOf(again)).toContain('`web-1` is SHUTOFF');
  });

  it('starts a server with a click', async () => {
    const bot = new Bot();
    bot.cloud.onLook = (server) => void (bot.cloud.orders.length > 0 && (server.status = 'ACTIVE'));
    await bot.clicks(named(await bot.says('show db-1'), 'Start'));
    expect(bot.cloud.orders).toEqual([{ 'os-start': null }]);
  });

  it.each(HOSTILE)('shows a server called “%s” as it is, harmlessly', async (name) => {
    const bot = new Bot({ cloud: new FakeCloud({ servers: many(1, { name }) }) });
    const reply = await bot.says('show 00000000-0000-4000-8000-000000000001');
    expect(mrkdwnOf(reply)).not.toMatch(HARM);
    expect(clickables(reply)).toHaveLength(9);
  });
});

describe('a server’s name', () => {
  it.each([
    ['web-1', WEB_1],
    ['Web-1', WEB_1],
    [WEB_1, WEB_1],
    ['db-1', DB_1],
  ])('“%s” stands for %s', async (typed, id) => {
    expect(textOf(await new Bot().says(`show ${typed}`))).toContain(id);
  });

  it('is taken literally, not as a pattern', async () => {
    const servers = [...many(1, { name: 'web.1' }), { id: WEB_1, name: 'webx1', status: 'ACTIVE' }];
    const bot = new Bot({ cloud: new FakeCloud({ servers }) });
    expect(textOf(await bot.says('show web.1'))).toContain('`web.1`');
    await expect(bot.says('show "web(1"')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('that is part of longer ones means only the server of exactly that name', async () => {
    const servers = [
      { id: WEB_1, name: 'web', status: 'ACTIVE' },
      ...many(1200, { name: 'web-frontend' }),
    ].toReversed();
    const bot = new Bot({ cloud: new FakeCloud({ servers }) });
    expect(textOf(await bot.says('show web'))).toContain(WEB_1);
    expect(bot.cloud.asked).toHaveLength(2);
  });

  it('stands for one server also where that was on two pages, and where the second page had to be asked for again', async () => {
    const servers = [{ id: WEB_1, name: 'web', status: 'ACTIVE' }, ...many(1000, { name: 'web-frontend' })];
    const bot = new Bot({ cloud: new FakeCloud({ servers }) });
    const call = bot.cloud.call.bind(bot.cloud);
    let lists = 0;
    bot.cloud.call = async (asked) => {
      const isSecond = asked.query?.some(([name]) => name === 'marker') === true;
      if (isSecond && lists === 0) {
        lists += 1;
        throw cloudError('bad_request', { ...asked, path: `${asked.path}?marker=gone` });
      }
      const found = await call(asked);
      // The server moved back in the list between the two pages.
      const page = isSecond ? { servers: [{ id: WEB_1, name: 'web', status: 'ACTIVE' }] } : found.body;
      return { ...found, body: page };
    };
    expect(textOf(await bot.says('show web'))).toContain(WEB_1);
  });

  it.each([
    ['wbe-1', 'There is no server wbe-1 in this project. Near it: web-1.'],
    ['web', 'There is no server web in this project. Near it: web-1.'],
    ['zebra', 'There is no server zebra in this project. “list” shows the ones you have.'],
  ])('“%s” that nobody has is refused with the nearest', async (typed, message) => {
    await expect(new Bot().says(`show ${typed}`)).rejects.toMatchObject({ code: 'not_found', message });
  });

  it.each(['show twin', 'stop twin --hard', 'resize twin s3.large.2 --reason "more room"', 'flavors --for twin'])(
    'of several servers: “%s” asks which, and never takes the first',
    async (text) => {
      const bot = new Bot();
      const reply = await bot.says(text);
      expect(textOf(reply)).toContain('2 servers are called `twin`: which one?');
      expect(bot.cloud.orders).toEqual([]);
      expect(bot.asks).toEqual([]);
      const picks = clickables(reply).filter((one) => one.text === 'This one');
      expect(picks.map(({ value }) => value)).toEqual([TWIN_A, TWIN_B].map((id) => text.replace('twin', id)));
      expect(await bot.clicks(picks[1] ?? {})).toMatchObject({ replace: true });
    },
  );

  it('of very many servers shows some and asks for the id', async () => {
    const bot = new Bot({ cloud: new FakeCloud({ servers: many(30, { name: '<!channel>'.repeat(20) }) }) });
    const reply = await bot.says(`show "${'&lt;!channel&gt;'.repeat(20)}"`);
    expect(textOf(reply)).toContain('… and 22 more: type the id instead of the name.');
  });

  it.each(['show', 'start', 'stop', 'reboot'])('that is missing after “%s” is asked for with a menu', async (text) => {
    const bot = new Bot();
    const reply = await bot.says(text);
    expect(textOf(reply)).toContain('Which server?');
    expect(named(reply, 'web-1').value).toBe(`${text} ${WEB_1}`);
  });

  it('is asked for among the newest when there are many', async () => {
    const bot = new Bot({ cloud: new FakeCloud({ servers: many(2_000, { name: '"'.repeat(250) }) }) });
    expect(textOf(await bot.says('show'))).toContain('These are the newest 40; others by name.');
  });

  it('cannot be asked for where there is none', async () => {
    const bot = new Bot({ cloud: new FakeCloud({ servers: [] }) });
    await expect(bot.says('show')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is not “not found” when the cloud is away', async () => {
    const bot = new Bot();
    bot.cloud.call = async () => {
      throw cloudError('unavailable', { method: 'GET', path: '/servers/detail' });
    };
    await expect(bot.says('show web-1')).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('flavors', () => {
  it('lists the smallest first', async () => {
    const text = textOf(await new Bot().says('flavors'));
    expect(text).toContain('2 flavors\n`s3.small.1` 1 vCPU, 1 GiB · id f-small\n`s3.large.2` 2 vCPU, 4 GiB');
  });

  it('passes filters and order on to the cloud', async () => {
    const bot = new Bot();
    await bot.says('flavors --min-disk 10 --min-ram 2048 --public --sort-key memory_mb --sort-dir desc');
    expect(bot.cloud.asked).toEqual([
      'GET /flavors/detail?minDisk=10&minRam=2048&is_public=true&sort_key=memory_mb&sort_dir=desc&limit=1000',
    ]);
  });

  it('leaves out what a server already is', async () => {
    const text = textOf(await new Bot().says('flavors --for web-1'));
    expect(text).toContain('1 flavor that `web-1` could have');
    expect(text).not.toContain('`s3.small.1`');
  });

  it('pages in place', async () => {
    const flavors = Array.from({ length: 70 }, (_unused, place) => ({
      id: `f-${place}`,
      name: `<!here>${place}`,
      vcpus: place + 1,
      ram: 1024,
    }));
    const bot = new Bot({ cloud: new FakeCloud({ flavors }) });
    const first = await bot.says('flavors');
    expect(textOf(first)).toContain('70 flavors, page 1 of 3');
    const second = await bot.clicks(named(first, 'Next'));
    expect(second).toMatchObject({ replace: true });
    expect(textOf(second)).toContain('page 2 of 3');
    expect(textOf(second)).toContain('31 vCPU');
    expect(textOf(await bot.clicks(named(second, 'Previous')))).toContain('page 1 of 3');
    expect(textOf(await bot.says('flavors --page 99'))).toContain('page 3 of 3');
  });
});

describe('help', () => {
  it('lists every command', async () => {
    const text = textOf(await new Bot().says('help'));
    for (const word of ['login', 'list', 'show', 'resize', 'approve', 'revert'])
      expect(text).toContain(`\`/ecs ${word}\``);
    expect(text).toContain('not inside threads');
  });

  it('stands by topic', async () => {
    const text = textOf(await new Bot().says('help'));
    expect(text).toMatch(/\*Servers\*\n`\/ecs create` Create a server\n`\/ecs start`/);
  });

  it('on a word that several commands begin with, or that word alone, explains them all', async () => {
    for (const line of ['help disk', 'disk']) {
      const text = textOf(await new Bot().says(line));
      for (const verb of ['list', 'create', 'attach', 'detach']) expect(text).toContain(`\`/ecs disk ${verb} `);
      expect(text).toMatch(/`\/ecs disk detach \[disk\].*` Take a disk off a server/);
      expect(text).toContain('Again: `/ecs help disk`');
      expect(text).not.toContain('/ecs nic');
    }
  });

  it('explains one of them with real examples', async () => {
    const text = textOf(await new Bot().says('help stop'));
    expect(text).toContain('`/ecs stop [server] [--hard] [--plan]`');
    expect(text).toContain('`/ecs stop web-1 --hard`');
    expect(text).not.toContain('--yes');
  });

  it('offers the nearest word', async () => {
    await expect(new Bot().says('help resiez')).rejects.toMatchObject({
      code: 'unknown_word',
      message: 'I have no help on “resiez”. Did you mean “help resize”?',
    });
  });
});
