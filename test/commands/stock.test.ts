import { describe, expect, it } from 'vitest';
import { Bot, clickables, mrkdwnOf, named, session, textOf } from './bot.ts';
import { BACKEND, image, network, StockedCloud, UBUNTU } from './stocked-cloud.ts';

function stocked(): Bot & { cloud: StockedCloud } {
  return new Bot({ cloud: new StockedCloud() }) as Bot & { cloud: StockedCloud };
}

/** Ids as the cloud makes them. */
function idOf(place: number): string {
  return `00000000-0000-4000-8000-${String(place).padStart(12, '0')}`;
}

const HOSTILE = [
  '<!channel>',
  '<@U1> & <#C1|x>',
  '`code` *bold*',
  'x'.repeat(250),
  '&'.repeat(250),
  'a\nb\u202e\u0000',
];
const HARM = /<(?!!date\^\d)|(?!\n)[\p{Cc}\u202a-\u202e\u200b]/u;

describe('images', () => {
  it('are listed with what they need, in the order of their names', async () => {
    const reply = await stocked().says('images');
    expect(textOf(reply)).toContain(
      '2 images\n`Ubuntu 24.04` · needs 10 GiB disk, 512 MiB memory · size 700 MiB · id ',
    );
    expect(textOf(reply).indexOf('Ubuntu')).toBeLessThan(textOf(reply).indexOf('Windows'));
  });

  it('are found by a part of the name or by the id', async () => {
    const bot = stocked();
    expect(textOf(await bot.says('images WINDOWS'))).toContain('1 image like `WINDOWS`');
    expect(textOf(await bot.says(`images ${UBUNTU}`))).toContain('Ubuntu 24.04');
    expect(textOf(await bot.says('images nothing'))).toContain('No images like `nothing`');
  });

  it('go to the cloud with the filters it knows', async () => {
    const bot = stocked();
    await bot.says('images --visibility private --status queued --kind gold');
    expect(bot.cloud.asked.at(-1)).toBe('GET /images?status=queued&visibility=private&limit=1000');
  });

  it('are sorted as asked', async () => {
    const reply = await stocked().says('images --sort min-disk');
    expect(textOf(reply).indexOf('Ubuntu')).toBeLessThan(textOf(reply).indexOf('Windows'));
  });

  it('say when a server cannot be made from one', async () => {
    const bot = stocked();
    bot.cloud.stock['GET /images'] = { images: [{ ...image(UBUNTU, 'half', 0), status: 'queued', size: null }] };
    expect(textOf(await bot.says('images'))).toContain('*not usable now* (queued)');
  });

  it('are paged in place and searched as the person types', async () => {
    const bot = stocked();
    const all = Array.from({ length: 45 }, (_unused, place) =>
      image(idOf(place), `image-${String(place).padStart(2, '0')}`, 1),
    );
    bot.cloud.stock['GET /images'] = { images: all };
    let reply = await bot.says('images');
    expect(textOf(reply)).toContain('45 images, page 1 of 3');
    reply = await bot.clicks(named(reply, 'Next'));
    expect(reply).toMatchObject({ replace: true });
    expect(textOf(reply)).toContain('image-20');
    expect(textOf(await bot.clicks(named(reply, 'Previous')))).toContain('image-00');
    const box = clickables(reply).find(({ action_id }) => action_id === 'command:here:images');
    const choices = await bot.dispatcher.suggest({ ...suggestion(bot, 'command:here:images'), query: 'E-3' });
    expect(box).toBeDefined();
    expect(choices.map(({ text }) => text)).toEqual(all.slice(30, 40).map(({ name }) => name));
    expect(textOf(await bot.clicks({ action_id: 'command:here:images', value: choices[0]?.value ?? '' }))).toContain(
      '1 image',
    );
  });

  it('are found by the search box on whichever page of the cloud they are', async () => {
    const bot = stocked();
    bot.cloud.pages('GET /images', [
      { images: [image(idOf(1), 'first', 1)], next: '/v2/images?marker=1' },
      { images: [image(idOf(2), 'second', 1)] },
    ]);
    const choices = await bot.dispatcher.suggest({ ...suggestion(bot, 'command:here:images'), query: 'second' });
    expect(choices.map(({ text }) => text)).toEqual(['second']);
  });

  it.each(HOSTILE)('stay harmless under the name %j', async (name) => {
    const bot = stocked();
    bot.cloud.stock['GET /images'] = {
      images: Array.from({ length: 20 }, (_unused, place) => image(idOf(place), name, 1)),
    };
    expect(mrkdwnOf(await bot.says('images'))).not.toMatch(HARM);
  });

  it('tell of a cloud that fails by throwing what it said', async () => {
    const bot = stocked();
    bot.cloud.refused['GET /images'] = 'timeout';
    await expect(bot.says('images')).rejects.toMatchObject({ kind: 'timeout' });
  });
});

describe('flavors', () => {
  it('are found by a part of the name, and searched as the person types', async () => {
    const bot = stocked();
    bot.cloud.flavors = Array.from({ length: 65 }, (_unused, place) => ({
      id: `f-${place}`,
      name: `c${place}.big`,
      vcpus: 1,
      ram: 1024,
    }));
    const narrowed = await bot.says('flavors C6');
    expect(textOf(narrowed)).toContain('6 flavors like `C6`');
    const all = await bot.clicks(named(narrowed, 'List all'));
    expect(all).toMatchObject({ replace: true });
    expect(textOf(all)).toContain('Again: `/ecs flavors`');
    const reply = await bot.says('flavors');
    expect(clickables(reply).map(({ action_id: id }) => id)).toContain('command:here:flavors');
    const choices = await bot.dispatcher.suggest({ ...suggestion(bot, 'command:here:flavors'), query: 'c60' });
    expect(choices).toEqual([{ text: 'c60.big', value: 'flavors f-60', description: '1 vCPU, 1 GiB' }]);
  });
});

describe('networks', () => {
  it('are listed with their ranges', async () => {
    expect(textOf(await stocked().says('networks'))).toContain(`1 network\n\`backend\` · 10.0.0.0/24 · id ${BACKEND}`);
  });

  it('are found by the search box on whichever page of the cloud they are', async () => {
    const bot = stocked();
    const more = [{ rel: 'next', href: 'https://cloud.test/v2.0/networks?marker=n-1' }];
    bot.cloud.pages('GET /networks', [
      { networks: [network('n-1', 'first')], networks_links: more },
      { networks: [network('n-2', 'second')] },
    ]);
    const choices = await bot.dispatcher.suggest({ ...suggestion(bot, 'command:here:networks'), query: 'second' });
    expect(choices.map(({ text }) => text)).toEqual(['second']);
  });

  it('say what is special about one', async () => {
    const bot = stocked();
    const special = { ...network('n-2', ''), status: 'DOWN', subnets: [], shared: true, 'router:external': true };
    bot.cloud.stock['GET /networks'] = { networks: [special] };
    expect(textOf(await bot.says('networks --external'))).toContain(
      '`n-2` · no subnet yet · *DOWN* · leads outside · shared',
    );
    expect(bot.cloud.asked).toContain('GET /networks?router%3Aexternal=true&limit=1000');
  });

  it.each(HOSTILE)('stay harmless under the name %j', async (name) => {
    const bot = stocked();
    bot.cloud.stock['GET /networks'] = {
      networks: Array.from({ length: 20 }, (_unused, place) => network(idOf(place), name)),
    };
    expect(mrkdwnOf(await bot.says('networks'))).not.toMatch(HARM);
  });
});

describe('zones', () => {
  it('say what can be had where', async () => {
    const text = textOf(await stocked().says('zones'));
    expect(text).toContain('2 zones\n`eu-de-01` servers: 🟢 available · disks: 🟢 available');
    expect(text).toContain('`eu-de-02` servers: 🔴 not available');
  });

  it('are filtered by name', async () => {
    expect(textOf(await stocked().says('zones 02'))).toContain('1 zone\n`eu-de-02`');
  });
});

describe('limits', () => {
  it('say what is used, of how much, and what is left', async () => {
    const text = textOf(await stocked().says('limits'));
    expect(text).toContain('Quota of project `demo`');
    expect(text).toContain('🟡 *Servers*: 9 of 10 used, 1 left');
    expect(text).toContain('🟢 *vCPUs*: 4 of 20 used, 16 left');
    expect(text).toContain('🔴 *Memory*: 10 GiB of 10 GiB used, none left');
    expect(text).toContain('⚪ *Disks*: 3 used, unlimited');
    expect(text).toContain('🟢 *Disk space*: 120 GiB of 1000 GiB used, 880 GiB left');
    expect(text).toContain('⚪ *Subnets*: 2 used, unlimited');
  });

  it('are called unlimited only where the cloud says so', async () => {
    const untold = stocked();
    const absolute = { totalCoresUsed: 7, maxTotalInstances: -1, totalInstancesUsed: 2 };
    untold.cloud.stock['GET /limits'] = { limits: { absolute } };
    const text = textOf(await untold.says('limits'));
    expect(text).toContain('⚪ *Servers*: 2 used, unlimited');
    expect(text).toContain('⚪ *vCPUs*: 7 used, limit not told');
  });

  it('leave out what the cloud does not tell, and say so', async () => {
    const bot = stocked();
    bot.cloud.refused['GET /quotas/p-demo/details.json'] = 'forbidden';
    const text = textOf(await bot.says('limits'));
    expect(text).not.toContain('Networks');
    expect(text).toContain('This cloud does not tell about networks.');
  });
});

describe('versions', () => {
  it('show what is offered, what is used and why', async () => {
    const text = textOf(await stocked().says('versions'));
    expect(text).toContain('I use microversion `2.60` for servers');
    expect(text).toContain('• `v2.0` SUPPORTED, no microversions');
    expect(text).toContain('• `v2.1` CURRENT, microversions `2.1` to `2.60`');
  });

  it.each([
    ['2.104', null, 'It is the highest whose answers I read, out of `2.1` to `2.104`.'],
    ['2.9', null, 'It is the highest this cloud offers; I would understand `2.60` too.'],
    ['2.60', '2.10', "It is my operator's ceiling (OS_COMPUTE_API_VERSION); the cloud would offer `2.60`."],
    ['', null, 'This endpoint has no microversions'],
  ])('explain a maximum of %j below a ceiling of %j', async (max, ceiling, why) => {
    const bot = stocked();
    Object.assign(bot.cloud, { ceiling });
    bot.cloud.stock['version: GET /'] = {
      version: { id: 'v2.1', status: 'CURRENT', version: max, min_version: max && '2.1' },
    };
    expect(textOf(await bot.says('versions'))).toContain(why);
  });

  it.each<[string, string | null, string | null]>([
    [
      '2.104',
      null,
      'Others go with versions of their own: flavors `2.61`, the record of a server `2.84`, its disks `2.89`, attaching a disk `2.101`, key pairs `2.35`.',
    ],
    [
      '2.93',
      null,
      'flavors `2.61`, the record of a server `2.84`, its disks `2.89`, attaching a disk `2.93`, key pairs `2.35`.',
    ],
    ['2.60', null, 'Others go with versions of their own: key pairs `2.35`.'],
    [
      '2.104',
      '2.70',
      'flavors `2.61`, the record of a server `2.70`, its disks `2.70`, attaching a disk `2.70`, key pairs `2.35`.',
    ],
    ['2.10', null, null],
    ['', null, null],
  ])('tell of the other calls on a cloud up to %j below a ceiling of %j', async (max, ceiling, others) => {
    const bot = stocked();
    Object.assign(bot.cloud, { ceiling });
    bot.cloud.stock['version: GET /'] = {
      version: { id: 'v2.1', status: 'CURRENT', version: max, min_version: max && '2.1' },
    };
    const text = textOf(await bot.says('versions'));
    if (others === null) expect(text).not.toContain('Others go');
    else expect(text).toContain(others);
  });

  it('say so when the service does not', async () => {
    const bot = stocked();
    bot.cloud.refused['root: GET /'] = 'not_found';
    bot.cloud.refused['version: GET /'] = 'not_found';
    const text = textOf(await bot.says('versions'));
    expect(text).toContain('I send no microversion');
    expect(text).toContain('nothing: the service does not say');
  });
});

describe('region', () => {
  it('offers the others', async () => {
    const bot = stocked();
    bot.session = session({ region: 'eu-de' });
    const reply = await bot.says('region');
    expect(textOf(reply)).toContain('You work in region `eu-de`.');
    expect(textOf(await bot.clicks(named(reply, 'eu-nl')))).toContain('You work in region `eu-nl` now.');
    expect(bot.chosen).toEqual(['eu-nl']);
  });

  it('is not chosen by a name that is none', async () => {
    const bot = stocked();
    await expect(bot.says('region eu-dd')).rejects.toMatchObject({
      code: 'not_found',
      message: 'There is no region eu-dd in this project. Near it: eu-de.',
    });
    expect(bot.chosen).toEqual([]);
  });

  it('is nothing to choose where the cloud has none', async () => {
    const bot = stocked();
    bot.regions = [];
    expect(textOf(await bot.says('region'))).toContain('This cloud has no regions.');
    await expect(bot.says('region eu-de')).rejects.toMatchObject({ code: 'unsupported' });
  });
});

function suggestion(bot: Bot, actionId: string) {
  const { id, person, receivedAt } = bot.typed('');
  return { kind: 'suggestion' as const, id, person, receivedAt, actionId, view: null };
}
