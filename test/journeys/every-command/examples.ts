// What somebody sees who types the examples of `help` one after the other: a new command brings its examples here.
import { asked, requestId, resized } from '../steps.ts';
import { codeOn, type World } from '../../support/world.ts';
import type { Setting } from './settings.ts';

type Seen =
  /** The answer, to this person alone. */
  | { told: string | RegExp }
  /** A window. */
  | { window: string | RegExp }
  /** A card, for all to see. */
  | { card: string | RegExp };

export type Example = Seen & {
  /** Default: the usual place. */
  in?: Setting;
  /** In a world where nothing has happened yet. */
  alone?: boolean;
  by?: 'alice' | 'bob' | 'carol';
  /** What must be there first; what the example can only stand for (a code, an id), by what it stands for. */
  first?(world: World): Promise<Record<string, string> | void>;
};

const stopped = async ({ cloud }: World): Promise<void> => cloud.operator.stop('web-1');

async function waiting(world: World): Promise<Record<string, string>> {
  await asked(world);
  return { 'R-7KQ2': await requestId(world) };
}

async function chosen(world: World): Promise<Record<string, string>> {
  await resized(world);
  return { 'R-7KQ2': await requestId(world) };
}

const inTwoProjects = { in: 'crossing' } as const;
const withFpga = { in: 'fpga' } as const;
const ofBob = { alone: true, by: 'bob', first: waiting } as const;
const ofAlice = { alone: true, first: waiting } as const;
const choice = { alone: true, first: chosen } as const;

const ACCOUNT: Record<string, Example> = {
  help: { told: 'What you can type after /ecs' },
  'help disk': { told: 'disk attach' },
  'help resize': { told: 'Ask to give a server another flavor' },
  login: { in: 'lobby', told: 'Sign in to the cloud' },
  'login 123-456': {
    in: 'lobby',
    first: async ({ alice }) => ({ '123-456': codeOn(await alice.getsCode(await alice.asksForLink())) }),
    told: 'Signed in as alice',
  },
  'login --application-credential': { in: 'lobby', window: 'Application credential ID' },
  logout: { in: 'lobby', by: 'carol', first: async ({ carol }) => carol.signsIn(), told: 'You are signed out' },
  whoami: { told: 'You are alice in the cloud.' },
  project: { ...inTwoProjects, told: 'No project is chosen yet. You have 2.' },
  'project ops': { ...inTwoProjects, told: 'You work in project ops now.' },
  'project ops --channel': { ...inTwoProjects, card: '@alice chose project ops for this channel' },
  region: { ...inTwoProjects, told: 'No region is chosen' },
  'region RegionOne': { ...inTwoProjects, told: 'You work in region RegionOne now.' },
};

const LOOKING: Record<string, Example> = {
  versions: { told: 'I use microversion' },
  list: { told: '3 servers in project demo' },
  'list --status SHUTOFF': { told: 'No such servers in project demo.' },
  'list --name web --flavor s2.small.1': { told: '2 servers in project demo' },
  'list --changes-since 2h': { told: '3 servers in project demo' },
  'show web-1': { told: 'web-1 is ACTIVE' },
  'show web-1 --details': { told: /web-1 is ACTIVE[^]*debian-12/ },
  show: { told: 'Which server?' },
  flavors: { told: /\d flavors/ },
  'flavors c1': { told: '2 flavors like c1' },
  'flavors --min-ram 8192 --sort-key memory_mb': { told: /c1\.large[^]*c1\.2xlarge/ },
  'flavors --for web-1': { told: 'that web-1 could have' },
  images: { told: '6 images' },
  'images ubuntu': { told: '1 image like ubuntu' },
  'images --visibility private --sort created': { told: '1 image' },
  networks: { told: /\d networks/ },
  'networks backup': { told: '1 network like backup' },
  'networks --external': { told: 'leads outside' },
  zones: { told: '1 zone' },
  'zones nova': { told: '1 zone' },
  limits: { told: 'Quota of project demo' },
  requests: { told: '2 requests in your projects' },
  'requests --waiting': { told: '2 requests in your projects' },
  'requests --mine': { told: '2 requests in your projects' },
};

const KEYS_AND_SERVERS: Record<string, Example> = {
  'keypair list': { told: '1 key pair' },
  'keypair list alice': { told: '1 key pair' },
  'keypair create laptop': { told: 'Your key pair laptop is made.' },
  'keypair import phone ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1aWxkIGEga2V5IHRoYXQgaXMgbm90IGEga2V5': {
    told: 'Your key pair phone',
  },
  'keypair delete laptop': { told: 'Delete your key pair laptop' },
  create: { window: 'In project demo.' },
  'create web-9': { window: 'In project demo.' },
  'create web-9 --flavor c1.large --image ubuntu-24.04 --network backup-net --key alice-key --disk 40': {
    card: 'Ready · web-9',
  },
  'start web-1': { first: stopped, told: '✅ web-1 is running (ACTIVE), as @alice asked.' },
  'stop web-1': { told: 'Stop web-1 in project demo?' },
  'stop web-1 --hard': { told: 'This cloud has no hard stop' },
  'reboot web-1': { told: 'It restarts: what runs on it is interrupted.' },
  'reboot web-1 --hard': { told: 'Its power is cut and switched on again' },
  'delete web-9': { told: 'Delete web-9 in project demo?' },
};

const RESIZES: Record<string, Example> = {
  'resize web-1 c1.large': { card: 'Awaiting approval · web-1' },
  'resize web-2 c1.large --reason more memory for the import': { card: /web-2[^]*more memory for the import/ },
  resize: { window: 'Server' },
  'approve R-7KQ2': { ...ofBob, told: /Approved: R-\w{4}, web-1 to c1.2xlarge\./ },
  'approve web-1': { ...ofBob, told: /Approved: R-\w{4}, web-1 to c1.2xlarge\./ },
  'deny R-7KQ2': { ...ofBob, told: 'Denied: R-' },
  'deny web-1': { ...ofBob, told: 'Denied: R-' },
  'cancel R-7KQ2': { ...ofAlice, told: 'Cancelled: R-' },
  'cancel web-1': { ...ofAlice, told: 'Cancelled: R-' },
  'confirm R-7KQ2': { ...choice, told: 'Confirmed: R-' },
  'confirm web-1': { ...choice, told: 'Confirmed: R-' },
  'revert R-7KQ2': { ...choice, told: 'Reverting: R-' },
  'revert web-1': { ...choice, told: 'Reverting: R-' },
};

const EQUIPMENT: Record<string, Example> = {
  'disk list': { told: /\d disks/ },
  'disk list web-1': { told: /disk/ },
  'disk create data-1 --size 10': { card: '✅ Done · Create disk data-1' },
  'disk create data-2 --size 10 --type fast --attach web-1': {
    card: '✅ Done · Create disk data-2 and attach it to web-1',
  },
  'disk create': { window: 'Size in GiB' },
  'disk attach data-1 web-1': { card: '✅ Done · Attach disk data-1 to web-1' },
  'disk attach': { window: 'Only disks that no server has are listed' },
  'disk detach data-1 web-1': { told: 'Detach disk data-1 from web-1 in project demo?' },
  'disk detach data-1': { told: 'Detach disk data-1 from web-1 in project demo?' },
  'nic list web-1': { told: '1 NIC on web-1' },
  'nic attach web-1 --network backup-net': { card: '✅ Done · Attach a NIC on backup-net to web-1' },
  'nic attach web-1 --network backup-net --ip 192.168.50.9': { card: /✅ Done · Attach a NIC[^]*192\.168\.50\.9/ },
  'nic attach web-1 --port 192.168.50.20': {
    first: async ({ alice }) => {
      await alice.says('/ecs port create backup-net --ip 192.168.50.20 --name spare');
      await alice.seesOnCard('✅ Done · Create port spare');
    },
    card: '✅ Done · Attach NIC spare to web-1',
  },
  'nic attach web-1 --new-network storage --cidr 10.2.0.0/24': {
    card: '✅ Done · Attach a NIC on the new network storage',
  },
  'nic attach web-1': { window: 'Choose a network, or name a new one' },
  'nic detach web-1 192.168.50.9': { told: 'Detach NIC 192.168.50.9 from web-1 in project demo?' },
  'nic detach web-1': { told: /\d NICs on web-1/ },
  'network create backend': { card: '✅ Done · Create network backend' },
  'network create frontend --cidr 10.1.0.0/24': { card: '✅ Done · Create network frontend with 10.1.0.0/24' },
  'network create': { window: 'Address range' },
  'subnet create backend 10.3.0.0/24': { card: '✅ Done · Create subnet 10.3.0.0/24 in backend' },
  'subnet create backend 10.4.0.0/24 --name backend-b': { card: '✅ Done · Create subnet 10.4.0.0/24 in backend' },
  'subnet create': { window: 'Address range' },
  'port create backup-net': { card: /✅ Done · Create port port-E-\w+ on backup-net/ },
  'port create backup-net --ip 192.168.50.21 --name web-1-backup': {
    card: '✅ Done · Create port web-1-backup on backup-net',
  },
  'port create': { window: 'Address' },
  'fpga list': { ...withFpga, told: '4 FPGA images' },
  'fpga list --image web-golden': { ...withFpga, told: 'No FPGA images for servers made from web-golden' },
  'fpga associate matrix-mult web-golden': { ...withFpga, told: 'Associated matrix-mult and web-golden.' },
  'fpga associate': { ...withFpga, window: 'It covers every server made from the image' },
  'fpga disassociate': { ...withFpga, told: /matrix-mult[^]*web-golden/ },
  'fpga disassociate matrix-mult web-golden': { ...withFpga, told: 'Disassociate matrix-mult and web-golden?' },
};

/** By the line without the slash command. */
export const EXAMPLES: Record<string, Example> = {
  ...ACCOUNT,
  ...LOOKING,
  ...KEYS_AND_SERVERS,
  ...RESIZES,
  ...EQUIPMENT,
};
