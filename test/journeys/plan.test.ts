// `--plan`: what it shows is what is then sent, for every command that changes the cloud.
import { expect, it } from 'vitest';
import { commands } from '../../src/commands/index.ts';
import { useWorlds, type World, type WorldOptions } from '../support/world.ts';
import { approved, asked, resized } from './steps.ts';

const worlds = useWorlds();
const ALICE: ['alice'] = ['alice'];
const HUAWEI: WorldOptions = {
  cloud: { mode: 'huawei', fpga: true, catalog: { region: 'cn-north-1' } },
  env: { OS_CLOUD_PROFILE: 'huawei', OS_PROTOCOL: 'oidc', OS_REGION_NAME: 'cn-north-1' },
};
const PUBLIC_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1aWxkIGEga2V5IHRoYXQgaXMgbm90IGEga2V5';

type Sent = { method: string; path: string; version: string | null; body: string };

/** Ids, and what stands for those of things that did not exist yet, are all alike; so is the cloud's own address. */
function alike(text: string): string {
  return text.replaceAll(
    /\(id-of-the-[a-z-]+\)|id-of-this-order|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|\b[A-Z]-[2-9A-Z]{6,}\b/g,
    '*',
  );
}

const SHOWN = /^\d+\. (.+)\n([A-Z]+) (http\S+)\n((?:[\w-]+: .*(?:\n|$))+)(?:\n(\{[\s\S]*?\n\}))?/gm;

function shownIn(text: string, { cloud }: World): (Sent & { why: string })[] {
  return [...text.matchAll(SHOWN)].map(([, why = '', method = '', url = '', headers = '', body = '']) => ({
    why,
    method,
    path: alike(url.replace(cloud.url, '')),
    version: /^openstack-api-version: (.+)$/m.exec(headers)?.[1] ?? null,
    body: compact(body),
  }));
}

function compact(body: string): string {
  return body === '' ? '' : alike(JSON.stringify(JSON.parse(body)));
}

/** Everything that could change the cloud, since then; signing in apart. */
function sentSince({ cloud }: World, from: number): Sent[] {
  return cloud.calls
    .slice(from)
    .filter(({ method, path }) => method !== 'GET' && !path.startsWith('/identity/'))
    .map(({ method, path, version, body }) => ({ method, path: alike(path), version, body: compact(body) }));
}

type Row = {
  line: string;
  /** The cloud of this row; plain OpenStack unless told. */
  on?: WorldOptions;
  /** What has to be so before. Resolves with what stands for `…` in the line. */
  before?(world: World): Promise<string>;
  /** Has done what the line asks for; may click through to the end. */
  does?(world: World): Promise<unknown>;
  /** What tells that it is over. */
  over(world: World): Promise<unknown>;
  /** Shown, but for another choice than the one that was made. */
  otherwise?: RegExp;
};

const onCard = (words: string) => (world: World) => world.alice.seesOnCard(words);
const told = (words: string | RegExp) => (world: World) => world.alice.seesPrivately(words);
const done = onCard('✅ Done');

async function serverId({ cloud }: World): Promise<string> {
  return cloud.server('web-1').id;
}

async function attached(world: World): Promise<string> {
  await world.alice.says('/ecs disk attach archive web-1');
  await done(world);
  return '';
}

async function associated(world: World): Promise<string> {
  await world.alice.says('/ecs fpga associate matrix-mult web-golden');
  await world.alice.seesOnCard('✅ Associated');
  return '';
}

async function waiting(world: World): Promise<string> {
  await asked(world);
  return '';
}

async function waitingToBeConfirmed(world: World): Promise<string> {
  await resized(world);
  return '';
}

async function confirms({ alice }: World): Promise<void> {
  await alice.seesOnCard('Awaiting confirmation');
  await alice.clicks('Confirm');
}

const RESIZED: Pick<Row, 'over' | 'otherwise'> = { over: onCard('✅ Resized'), otherwise: /reverts instead/ };

const ROWS: Row[] = [
  { line: 'keypair create demo-1', over: told('is made') },
  { line: `keypair import demo-1 ${PUBLIC_KEY}`, over: told('is known to the cloud') },
  { line: 'keypair delete alice-key', over: told(/alice-key.* (is deleted|deleted|gone)/) },
  {
    line: 'create web-9 --flavor s2.small.1 --image debian-12 --network demo-net --key alice-key --disk 12',
    over: onCard('Ready · web-9'),
  },
  {
    line: 'create web-9 --flavor s2.small.1 --image debian-12 --network demo-net --disk-type flavor-disk',
    over: onCard('Ready · web-9'),
  },
  {
    line: 'start web-1',
    async before({ cloud }) {
      cloud.operator.stop('web-1');
      return '';
    },
    over: told('web-1 is running'),
  },
  { line: 'stop web-1', over: told('web-1 is shut off') },
  { line: 'stop web-1 --hard', over: told('web-1 is shut off') },
  { line: 'stop web-1 --hard', on: HUAWEI, over: told('web-1 is shut off') },
  { line: 'reboot web-1', over: told('web-1 is running') },
  { line: 'reboot web-1 --hard', over: told('web-1 is running') },
  { line: 'delete …', before: serverId, over: told('is deleted') },
  {
    line: 'resize web-1 c1.2xlarge',
    async does(world) {
      await approved(world);
      await confirms(world);
    },
    ...RESIZED,
  },
  {
    line: 'resize web-1 c1.large',
    on: HUAWEI,
    does: (world) => approved(world, { flavor: 'c1.large' }),
    over: onCard('✅ Resized'),
  },
  {
    line: 'approve web-1',
    before: waiting,
    async does(world) {
      await world.bob.clicks('Approve');
      await confirms(world);
    },
    ...RESIZED,
  },
  { line: 'deny web-1', before: waiting, does: ({ bob }) => bob.says('/ecs deny web-1'), over: onCard('Denied') },
  { line: 'cancel web-1', before: waiting, over: onCard('Cancelled') },
  { line: 'confirm web-1', before: waitingToBeConfirmed, over: onCard('✅ Resized') },
  { line: 'revert web-1', before: waitingToBeConfirmed, over: onCard('Reverted') },
  { line: 'disk create data-1 --size 10', over: done },
  { line: 'disk create data-1 --size 10 --type standard --zone nova --attach web-1', over: done },
  { line: 'disk attach archive web-1', over: done },
  { line: 'disk detach archive web-1', before: attached, over: onCard('✅ Done · Detach disk') },
  { line: 'nic attach web-1 --network backup-net --ip 192.168.50.77', over: done },
  { line: 'nic attach web-1 --new-network backend --cidr 10.1.0.0/24', over: done },
  { line: 'nic attach web-1 --new-network backend --cidr 10.1.0.0/24', on: HUAWEI, over: done },
  { line: 'nic detach web-1 10.0.0.10', over: done },
  { line: 'network create backend --cidr 10.1.0.0/24', over: done },
  { line: 'subnet create backup-net 10.9.0.0/24', over: done },
  { line: 'port create backup-net', over: done },
  { line: 'fpga associate matrix-mult web-golden', on: HUAWEI, over: onCard('✅ Associated') },
  {
    line: 'fpga disassociate matrix-mult web-golden',
    on: HUAWEI,
    before: associated,
    over: onCard('✅ Disassociated'),
  },
];

it.each(ROWS.map((row) => ({ ...row, where: row.on ? 'Huawei Cloud' : 'OpenStack' })))(
  '“$line --plan” shows on $where what is then sent, call by call, and sends nothing itself',
  async ({ line, on, before, does, over, otherwise }) => {
    const world = await worlds.open({ ...on, signedIn: ['alice', 'bob'] });
    const { alice, cloud } = world;
    const typed = line.replace('…', (await before?.(world)) ?? '');
    const cardBefore = alice.card()?.text;
    const start = cloud.calls.length;
    await alice.says(`/ecs ${typed} --plan`);
    const { text } = await alice.seesPrivately('Nothing was changed.');
    expect(sentSince(world, start)).toEqual([]);
    expect(alice.card()?.text).toBe(cardBefore);
    const shown = shownIn(text, world);
    expect(text.match(/^x-auth-token: \[secret\]$/gm) ?? []).toHaveLength(shown.length);
    const from = cloud.calls.length;
    await (does ? does(world) : alice.says(`/ecs ${typed}${asksFirst(typed) ? ' --yes' : ''}`));
    await over(world);
    const chosen = shown.filter(({ why }) => otherwise?.test(why) !== true).map(({ why: _why, ...call }) => call);
    expect(chosen).toEqual(sentSince(world, from));
  },
);

function asksFirst(line: string): boolean {
  return commands.some(({ name, args }) => line.startsWith(`${name} `) && 'yes' in args);
}

it('has been compared so for every command that takes --plan', () => {
  const planned = commands.filter(({ args }) => 'plan' in args).map(({ name }) => name);
  const compared = planned.filter((name) => ROWS.some(({ line }) => line.startsWith(`${name} `)));
  expect(compared).toEqual(planned);
});

it('stops after the refusals that the command itself would give', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice } = world;
  await alice.says('/ecs nic attach web-1 --new-network backend --cidr 10.1.0.7/24 --plan');
  await alice.seesPrivately('Did you mean 10.1.0.0/24?');
  await alice.says('/ecs disk attach nothing web-1 --plan');
  await alice.seesPrivately('There is no disk nothing in this project.');
});

it('turns a form into one that shows the calls', async () => {
  const world = await worlds.open({ signedIn: ALICE });
  const { alice } = world;
  const before = world.cloud.calls.length;
  await alice.says('/ecs disk create --plan');
  await alice.seesModal('Size in GiB');
  await alice.submits({ Name: 'data-1', 'Size in GiB': '10' });
  await alice.seesModal('Nothing was changed.');
  expect(sentSince(world, before)).toEqual([]);
});
