import { describe, expect, it } from 'vitest';
import type { FormValues, Reply } from '../../src/slack/reply.ts';
import { Bot, CHANNEL, named, textOf } from './bot.ts';
import { FakeCloud } from './fake-cloud.ts';
import { BACKEND, image, network, StockedCloud, UBUNTU, WINDOWS } from './stocked-cloud.ts';

const ROOMY = {
  limits: {
    absolute: { totalInstancesUsed: 1, maxTotalInstances: 10, totalGigabytesUsed: 0, maxTotalVolumeGigabytes: 100 },
  },
};
const LINE = `create web-9 --flavor s3.large.2 --image "Ubuntu 24.04" --network backend --key laptop --zone eu-de-01 --disk 40`;

function setting() {
  const cloud = new StockedCloud({
    flavors: [...new FakeCloud().flavors, { id: 'f-tiny', name: 't.256', vcpus: 1, ram: 256 }],
  });
  cloud.stock['GET /limits'] = ROOMY;
  return { cloud, bot: new Bot({ cloud }) };
}

type Block = {
  type: string;
  block_id?: string;
  hint?: { text: string };
  element?: { type: string; initial_value?: string; initial_option?: { value: string }; options?: { value: string }[] };
};

function blocks(reply: Reply): Block[] {
  return reply.kind === 'modal' ? (reply.view.blocks as Block[]) : [];
}

function field(reply: Reply, name: string): Block {
  const found = blocks(reply).find(({ block_id: id }) => id === name || id?.startsWith(`${name}:`));
  if (!found) throw new Error(`no field ${name}`);
  return found;
}

/** What stands in the form, as Slack reports it. */
function values(reply: Reply, changed: FormValues = {}): FormValues {
  const held: FormValues = {};
  for (const { block_id: id, element } of blocks(reply)) {
    if (id !== undefined && element) held[id] = element.initial_value ?? element.initial_option?.value ?? null;
  }
  for (const [name, value] of Object.entries(changed)) held[field(reply, name).block_id ?? ''] = value;
  return held;
}

function metadata(reply: Reply): string {
  return reply.kind === 'modal' ? (reply.view.private_metadata ?? '') : '';
}

/** The menu of a field is used. */
function picking(bot: Bot, form: Reply, [name, value]: [string, string]): Promise<Reply> {
  const view = { id: 'V1', hash: 'h', callbackId: 'create:submit', privateMetadata: metadata(form) };
  return bot.clicks(
    { action_id: `create:${name}`, value },
    { view, values: values(form, { [name]: value }), channelId: null },
  );
}

function submitting(bot: Bot, form: Reply, changed: FormValues) {
  const submitted = bot.submitted('create:submit', values(form, changed));
  return { ...submitted, view: { ...submitted.view, privateMetadata: metadata(form) } };
}

function errorsOf(bot: Bot, form: Reply, changed: FormValues): string[] {
  return Object.values(bot.dispatcher.plan(submitting(bot, form, changed)).errors ?? {});
}

describe('a complete line', () => {
  it('orders exactly that, and the card is the answer', async () => {
    const { bot } = setting();
    expect(await bot.says(LINE)).toEqual({ kind: 'none' });
    expect(bot.orders).toEqual([
      expect.objectContaining({
        interactionId: 'i-1',
        channelId: CHANNEL,
        region: 'eu-de',
        spec: {
          name: 'web-9',
          flavor: { id: 'f-large', name: 's3.large.2', vcpus: 2, ramMiB: 4096 },
          image: { id: UBUNTU, name: 'Ubuntu 24.04' },
          network: { id: BACKEND, name: 'backend' },
          keyName: 'laptop',
          zone: 'eu-de-01',
          disk: { sizeGiB: 40, type: null },
        },
      }),
    ]);
  });

  it('says of an image that is there and cannot be used why not', async () => {
    const { bot, cloud } = setting();
    const old = { ...image('aaaaaaaa-0000-4000-8000-000000000009', 'CentOS 7', 8), status: 'deactivated' };
    cloud.stock['GET /images'] = { images: [image(UBUNTU, 'Ubuntu 24.04', 10), old] };
    await expect(bot.says('create web-9 --flavor s3.large.2 --image "CentOS 7"')).rejects.toMatchObject({
      code: 'wrong_state',
      message: 'CentOS 7 cannot be used now: it is deactivated. Choose another image.',
    });
    expect(bot.orders).toEqual([]);
  });

  it('takes the only network, and a disk as large as the image needs', async () => {
    const { bot } = setting();
    await bot.says(
      'create web-9 --flavor s3.large.2 --image Windows\\ 2022'
        .replace('\\ ', ' ')
        .replace('Windows 2022', '"Windows 2022"'),
    );
    expect(bot.orders[0]?.spec).toMatchObject({ network: { id: BACKEND }, disk: { sizeGiB: 40 } });
  });

  it('offers the networks when there are several', async () => {
    const { bot, cloud } = setting();
    cloud.stock['GET /networks'] = { networks: [network(BACKEND, 'backend'), network('n-2', 'storage')] };
    const reply = await bot.says('create web-9 --flavor s3.large.2 --image "Ubuntu 24.04"');
    expect(textOf(reply)).toContain('Which network?');
    await bot.clicks(named(reply, 'storage'));
    expect(bot.orders[0]?.spec.network).toEqual({ id: 'n-2', name: 'storage' });
  });

  it.each([
    ['--flavor s3.large.3 --image "Ubuntu 24.04"', 'not_found', 'There is no flavor s3.large.3'],
    [
      '--flavor s3.large.2 --image ubunt',
      'not_found',
      'There is no image ubunt in this project. Near it: Ubuntu 24.04.',
    ],
    [
      '--flavor t.256 --image "Ubuntu 24.04"',
      'unsupported',
      'Ubuntu 24.04 needs at least 512 MiB of memory, and t.256 has 256 MiB.',
    ],
    ['--flavor s3.large.2 --image "Windows 2022" --disk 39', 'unsupported', 'Windows 2022 needs at least 40 GiB.'],
    ['--flavor s3.large.2 --image "Ubuntu 24.04" --disk 101', 'quota', 'has no room for 101 GiB (100 left)'],
    [
      '--flavor s3.large.2 --image "Ubuntu 24.04" --zone eu-de-02',
      'unavailable',
      'eu-de-02 takes nothing new at the moment.',
    ],
    ['--flavor s3.large.2 --image "Ubuntu 24.04" --key desktop', 'not_found', 'You have no key pair desktop.'],
    ['--flavor s3.large.2 --image "Ubuntu 24.04" --disk-type NVME', 'not_found', 'There is no disk type NVME'],
    ['--flavor s3.large.2 --image "Ubuntu 24.04" --network nirvana', 'not_found', 'There is no network nirvana'],
  ])('with %s is refused before anything is ordered', async (rest, code, sentence) => {
    const { bot } = setting();
    await expect(bot.says(`create web-9 ${rest}`)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(sentence) as string,
    });
    expect(bot.orders).toEqual([]);
  });

  it('tells all that is wrong at once', async () => {
    const { bot } = setting();
    await expect(bot.says('create web-9 --flavor nope --image nope2')).rejects.toThrow(
      /no flavor nope .*no image nope2/,
    );
  });

  it('is refused where the network has no subnet, and the cloud would not say so before it failed', async () => {
    const { bot, cloud } = setting();
    cloud.stock['GET /networks'] = { networks: [{ ...network(BACKEND, 'backend'), subnets: [] }] };
    await expect(bot.says(LINE)).rejects.toThrow('backend has no subnet, so nothing in it gets an address.');
  });

  it('takes the flavor’s own disk where there is no disk service', async () => {
    const { bot, cloud } = setting();
    const call = cloud.call.bind(cloud);
    const { UserError } = await import('../../src/errors.ts');
    cloud.call = async (request) => {
      if (request.service === 'volume') throw new UserError('unsupported', 'no such service');
      return call(request);
    };
    await bot.says('create web-9 --flavor s3.large.2 --image "Ubuntu 24.04"');
    expect(bot.orders[0]?.spec.disk).toBeNull();
    await expect(bot.says(LINE)).rejects.toThrow('This cloud has no disk service');
  });

  it('takes the flavor’s own disk for the asking, where the flavor has one', async () => {
    const { bot, cloud } = setting();
    cloud.flavors = [{ id: 'f-own', name: 'm1.small', vcpus: 1, ram: 2048, disk: 20 }, ...cloud.flavors];
    await bot.says('create web-9 --flavor m1.small --image "Ubuntu 24.04" --disk-type flavor-disk');
    expect(bot.orders[0]?.spec.disk).toBeNull();
    const own = 'create web-9 --image "Ubuntu 24.04" --disk-type flavor-disk';
    await expect(bot.says(`${own} --flavor s3.large.2`)).rejects.toThrow('s3.large.2 has no disk of its own.');
    await expect(bot.says(`${own} --flavor m1.small --disk 30`)).rejects.toThrow(
      'm1.small has a disk of 20 GiB of its own.',
    );
    await expect(bot.says(own.replace('Ubuntu 24.04', 'Windows 2022') + ' --flavor m1.small')).rejects.toThrow(
      'Windows 2022 needs a disk of at least 40 GiB, and m1.small has one of 20 GiB.',
    );
  });

  it('is shown with --plan and not done', async () => {
    const { bot } = setting();
    const reply = await bot.says(`${LINE} --plan`);
    expect(textOf(reply)).toContain('POST https://cloud.example.test/servers');
    expect(textOf(reply)).toContain('"volume_size": 40');
    expect(bot.orders).toEqual([]);
  });
});

describe('the form', () => {
  it('opens for an incomplete line, with what was typed filled in', async () => {
    const { bot } = setting();
    expect(bot.dispatcher.plan(bot.typed('create web-9'))).toEqual({ durable: false, loading: 'Create a server' });
    const form = await bot.says('create web-9 --image "Windows 2022"');
    expect(field(form, 'name').element?.initial_value).toBe('web-9');
    expect(field(form, 'image').element?.initial_option?.value).toBe(WINDOWS);
    expect(field(form, 'size').element?.initial_value).toBe('40');
    expect(field(form, 'network').element?.initial_option?.value).toBe(BACKEND);
    expect(field(form, 'zone').element?.options?.map(({ value }) => value)).toEqual(['eu-de-01']);
  });

  it('shows what cannot be at its field', async () => {
    const form = await setting().bot.says('create web-9 --flavor s3.larg');
    expect(textOf(form)).toContain('⚠️ There is no flavor s3.larg in this project. Near it: s3.large.2.');
  });

  it('starts the disk anew when another image is chosen, and keeps a size that was typed when only the flavor changes', async () => {
    const { bot } = setting();
    const first = await picking(bot, await bot.says('create web-9'), ['image', WINDOWS]);
    expect(field(first, 'size')).toMatchObject({ element: { initial_value: '40' } });
    expect(field(first, 'size').hint?.text).toContain('At least 40 GiB for this image.');
    const second = await picking(bot, first, ['image', UBUNTU]);
    expect(field(second, 'size').element?.initial_value).toBe('10');
    expect(field(second, 'size').block_id).not.toBe(field(first, 'size').block_id);
    const typed = { kind: 'modal' as const, view: { ...(second as { view: object }).view } } as Reply;
    field(typed, 'size').element = { type: 'plain_text_input', initial_value: '25' };
    const third = await picking(bot, typed, ['flavor', 'f-large']);
    expect(field(third, 'size').element?.initial_value).toBe('25');
    const fourth = await picking(bot, third, ['image', WINDOWS]);
    expect(field(fourth, 'size').element?.initial_value).toBe('40');
  });

  it('complains of the size that it then shows, and keeps what was typed where another image can have it', async () => {
    const { bot } = setting();
    const form = await picking(bot, await bot.says('create web-9'), ['image', WINDOWS]);
    const tooMuch = { kind: 'modal' as const, view: { ...(form as { view: object }).view } } as Reply;
    field(tooMuch, 'size').element = { type: 'plain_text_input', initial_value: '101' };
    const refused = await picking(bot, tooMuch, ['image', UBUNTU]);
    expect(field(refused, 'size').element?.initial_value).toBe('101');
    expect(textOf(refused)).toContain('no room for 101 GiB');
    field(tooMuch, 'size').element = { type: 'plain_text_input', initial_value: 'forty' };
    const anew = await picking(bot, tooMuch, ['image', UBUNTU]);
    expect(field(anew, 'size').element?.initial_value).toBe('10');
    expect(textOf(anew)).not.toContain('⚠️');
  });

  it('checks in the ack: name, numbers, the image’s minimum, memory, quota', async () => {
    const { bot } = setting();
    const form = await picking(bot, await picking(bot, await bot.says('create'), ['image', WINDOWS]), [
      'flavor',
      'f-tiny',
    ]);
    expect(errorsOf(bot, form, { name: null })).toContain('A server needs a name.');
    expect(errorsOf(bot, form, { name: 'web-9', size: 'forty' })).toContain('A whole number of GiB, such as 40.');
    expect(errorsOf(bot, form, { name: 'web-9', size: '39' })).toContain('Windows 2022 needs at least 40 GiB.');
    expect(errorsOf(bot, form, { name: 'web-9' })).toEqual([
      'Windows 2022 needs at least 512 MiB of memory, and t.256 has 256 MiB. Choose a larger flavor.',
    ]);
    expect(errorsOf(bot, form, { name: 'web-9', size: '101' }).join()).toContain('no room for 101 GiB (100 left)');
  });

  it('orders, and says where the card is', async () => {
    const { bot } = setting();
    const form = await bot.says('create web-9 --flavor s3.large.2');
    const reply = await bot.run(submitting(bot, form, { image: UBUNTU, key: 'laptop' }));
    expect(textOf(reply)).toContain('`web-9` is ordered. Its card is in <#C0OPS>.');
    expect(bot.orders[0]?.spec).toMatchObject({ name: 'web-9', keyName: 'laptop', disk: { sizeGiB: 10 } });
  });

  it('opens again, filled in, with what only the cloud could tell', async () => {
    const { bot, cloud } = setting();
    const form = await bot.says('create web-9 --flavor s3.large.2');
    cloud.stock['GET /images'] = { images: [image(WINDOWS, 'Windows 2022', 40)] };
    const reply = await bot.run(submitting(bot, form, { image: UBUNTU }));
    expect(textOf(reply)).toContain(`There is no image ${UBUNTU} in this project.`);
    expect(field(reply, 'name').element?.initial_value).toBe('web-9');
    expect(bot.orders).toEqual([]);
  });

  it('searches from the server side where a menu would be too long', async () => {
    const { bot, cloud } = setting();
    const all = Array.from({ length: 101 }, (_unused, place) =>
      image(`aaaaaaaa-0000-4000-8000-${String(place).padStart(12, '0')}`, `image-${place}`, 1),
    );
    cloud.stock['GET /images'] = { images: all };
    const form = await bot.says('create web-9');
    expect(field(form, 'image').element?.type).toBe('external_select');
    const { id, person, receivedAt } = bot.typed('');
    const asked = {
      kind: 'suggestion' as const,
      id,
      person,
      receivedAt,
      actionId: 'create:image',
      query: 'image-9',
      view: null,
    };
    expect((await bot.dispatcher.suggest(asked)).map(({ text }) => text)).toEqual([
      'image-9',
      ...Array.from({ length: 10 }, (_unused, place) => `image-9${place}`),
    ]);
  });

  it('leaves out what there is nothing to choose from', async () => {
    const { bot, cloud } = setting();
    cloud.stock['GET /os-keypairs'] = { keypairs: [] };
    cloud.stock['GET /networks'] = { networks: [] };
    const form = await bot.says('create web-9');
    expect(() => field(form, 'key')).toThrow();
    expect(() => field(form, 'network')).toThrow();
    cloud.stock['GET /images'] = { images: [] };
    await expect(bot.says('create web-9')).rejects.toThrow(
      'There is no image in this project that a server could be made with.',
    );
  });

  it.each(['<!channel> `x`', '&'.repeat(255), 'x'.repeat(255), 'a\nb\u202e'])(
    'fits into Slack with everything called %j',
    async (name) => {
      const { bot, cloud } = setting();
      cloud.flavors = Array.from({ length: 99 }, (_unused, place) => ({ id: `f-${place}`, name, vcpus: 1, ram: 1024 }));
      cloud.stock['GET /images'] = {
        images: Array.from({ length: 99 }, (_unused, place) => image(`i-${place}`, name, 1)),
      };
      cloud.stock['GET /networks'] = {
        networks: Array.from({ length: 99 }, (_unused, place) => network(`n-${place}`, name)),
      };
      const form = await bot.says('create web-9');
      const chosen = await picking(bot, await picking(bot, form, ['image', 'i-1']), ['flavor', 'f-1']);
      expect(metadata(chosen).length).toBeLessThanOrEqual(3_000);
    },
  );

  it('shows the call instead of making it when it was opened with --plan', async () => {
    const { bot } = setting();
    const form = await bot.says('create web-9 --flavor s3.large.2 --plan');
    const reply = await bot.run(submitting(bot, form, { image: UBUNTU }));
    expect(textOf(reply)).toContain('This call would be made:');
    expect(bot.orders).toEqual([]);
  });
});
