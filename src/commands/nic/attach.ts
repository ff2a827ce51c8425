// `nic attach`: gives a server an existing port, a NIC on a network it can be in, or one on a network made for it on the way.
import { UserError } from '../../errors.ts';
import type { Task } from '../../errands/task.ts';
import { cidrProblem, gatewayOf } from '../../openstack/cidr.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import type { Server } from '../../openstack/server.ts';
import type { Reply } from '../../slack/reply.ts';
import { type ArgsOf, defineCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { begin, beginFromForm, markOf, type Order, orderId, planned, refuseUnlessSteady } from '../errand/order.ts';
import {
  findNetwork,
  findPort,
  holderOf,
  refuseTakenAddress,
  refuseUnusableAddress,
  subnetsOf,
} from '../find/network.ts';
import { withServer } from '../find/server.ts';
import { networkChoices } from '../network/menu.ts';
import { refuseWithoutRoom } from '../network/room.ts';
import { checkNicForm, nicForm, nicFormFields } from './form.ts';
import { serverChoices } from '../server/menu.ts';
import { plainName } from '../server/words.ts';

const args = {
  server: { kind: 'text', positional: true, summary: 'name or id of the server' },
  port: { kind: 'text', summary: 'an existing port: id, name or address' },
  network: { kind: 'text', summary: 'name or id of the network' },
  ip: { kind: 'text', summary: 'the address it shall have there, else the cloud chooses', placeholder: '10.1.0.5' },
  newNetwork: { kind: 'text', summary: 'make a network of this name for it', placeholder: 'name' },
  cidr: { kind: 'text', summary: 'the address range of the new network', placeholder: '10.1.0.0/24' },
} as const;

export type NicWish = ArgsOf<typeof args>;

export const nicAttach = defineCommand({
  name: 'nic attach',
  summary: 'Attach a NIC to a server',
  details:
    'With `--new-network` and `--cidr` it makes the network, its subnet and the port on the way. What was made before something did not work is named, with a button to remove it.',
  examples: [
    'nic attach web-1 --network backup-net',
    'nic attach web-1 --network backup-net --ip 192.168.50.9',
    'nic attach web-1 --port 192.168.50.20',
    'nic attach web-1 --new-network storage --cidr 10.2.0.0/24',
    'nic attach web-1',
  ],
  args,
  signIn: 'required',
  changes: true,
  opens: (given) => (needsForm(given) ? 'Attach a NIC' : null),
  asksFirst: ({ server, port }) => server === null && port !== null,
  run: async (given, ctx) => begin(await prepare(given, ctx, { planned: false }), ctx),
  plan: async (given, ctx) => planned(await prepare(given, ctx, { planned: true })),
  views: {
    'nic:attach': {
      changes: true,
      after: 'wait',
      check: checkNicForm,
      args: nicFormFields,
      run: async (form, ctx) => beginFromForm(await prepare(nicFormFields(form), ctx, { planned: false }), ctx),
    },
  },
  suggestions: { 'nic:server': serverChoices, 'nic:network': networkChoices },
});

/** The form has no field for a port: where one is named, nothing but the server can be missing, and is asked for alone. */
function needsForm({ server, port, network, newNetwork }: NicWish): boolean {
  return port === null && (server === null || (network === null && newNetwork === null));
}

async function prepare(given: NicWish, ctx: CommandContext, about: { planned: boolean }): Promise<Order | Reply> {
  refuseContradictions(given);
  if (needsForm(given)) return nicForm(given, ctx, about);
  return withServer(given.server, ctx, async (server, cloud) => {
    await refuseUnlessSteady(server, ctx);
    return orderFor(given, { server, cloud, id: orderId(ctx) });
  });
}

function refuseContradictions({ port, network, newNetwork, ip, cidr }: NicWish): void {
  const ways = [port, network, newNetwork].filter((way) => way !== null);
  if (ways.length > 1) throw new UserError('bad_usage', 'Say one of --port, --network and --new-network, not several.');
  if (port !== null && ip !== null) throw new UserError('bad_usage', 'A port has its address already: leave out --ip.');
  if (newNetwork !== null && cidr === null) {
    throw new UserError(
      'bad_usage',
      'A new network needs an address range: add --cidr, for example --cidr 10.1.0.0/24.',
    );
  }
  if (cidr !== null && newNetwork === null) {
    throw new UserError(
      'bad_usage',
      'An address range is for a new network: add --new-network and its name, or leave out --cidr.',
    );
  }
}

type Target = { server: Server; cloud: Cloud; id: string };

async function orderFor(wish: NicWish, target: Target): Promise<Order> {
  const { server, cloud } = target;
  const ref = { id: server.id, name: plainName(server) };
  const { title, makes, port } = await waysOf(wish, target);
  const last = port ?? { step: makes.length - 1 };
  const tasks: Task[] = [...makes, { kind: 'attach_port', server: ref, port: last }];
  // A port made for the server is of no use without it.
  const clears: Task[] = port === null ? [{ kind: 'remove', thing: 'port', it: last }] : [];
  const undo: Task[] = [{ kind: 'detach_port', server: ref, port: last }, ...clears];
  return { kind: 'order', cloud, title: `Attach ${title} to ${ref.name}`, server: ref, tasks, undo };
}

/** What has to be made before; `port`: the one that is there already. */
type Way = { title: string; makes: Task[]; port: { id: string; name: string } | null };

function waysOf(wish: NicWish, target: Target): Promise<Way> {
  if (wish.port !== null) return existingPort(wish.port, target);
  if (wish.network !== null) return onNetwork(wish.network, { ...target, ip: wish.ip });
  return onNewNetwork({ name: wish.newNetwork ?? '', cidr: wish.cidr ?? '', ip: wish.ip }, target);
}

async function existingPort(wanted: string, { cloud, server }: Target): Promise<Way> {
  const port = await findPort(cloud, wanted);
  const name = port.name || (port.addresses[0]?.address ?? port.id);
  if (port.deviceId === server.id)
    throw new UserError('already_done', `${plainName(server)} has the port ${name} already.`);
  if (port.deviceId !== null) {
    throw new UserError(
      'wrong_state',
      `The port ${name} is in use by ${await holderOf(cloud, port)}: detach it there first, or choose another one.`,
    );
  }
  return { title: `NIC ${name}`, makes: [], port: { id: port.id, name } };
}

async function onNetwork(wanted: string, { cloud, server, id, ip }: Target & { ip: string | null }): Promise<Way> {
  const network = await findNetwork(cloud, wanted);
  const [subnets] = await Promise.all([subnetsOf(cloud, network), refuseWithoutRoom(cloud, ['ports'])]);
  const name = network.name || network.id;
  if (subnets.length === 0) {
    throw new UserError(
      'wrong_state',
      `${name} has no subnet, so there are no addresses in it: make one with “subnet create”.`,
      { about: 'network' },
    );
  }
  if (ip !== null) {
    refuseUnusableAddress(ip, { network: name, subnets, profile: cloud.profile });
    await refuseTakenAddress(cloud, network, ip);
  }
  const parts = { network: { id: network.id, name }, subnet: null, server, id, ip, correlation: markOf(cloud, id) };
  return { title: `a NIC on ${name}`, makes: [portTask(parts)], port: null };
}

async function onNewNetwork(
  { name, cidr, ip }: { name: string; cidr: string; ip: string | null },
  { cloud, server, id }: Target,
): Promise<Way> {
  const problem = cidrProblem(cidr, { profile: cloud.profile, taken: [] });
  if (problem !== null) throw new UserError('bad_usage', problem, { about: 'cidr' });
  const subnets = [{ cidr, gateway: gatewayOf(cidr) }];
  if (ip !== null) refuseUnusableAddress(ip, { network: name, subnets, profile: cloud.profile });
  await refuseWithoutRoom(cloud, ['networks', 'subnets', 'ports']);
  const [network, subnet] = [{ step: 0 }, { step: 1 }];
  const correlation = markOf(cloud, id);
  return {
    title: `a NIC on the new network ${name}`,
    makes: [
      { kind: 'make_network', name, correlation },
      { kind: 'make_subnet', network, name, cidr: cidr.trim(), correlation },
      portTask({ network, subnet, server, id, ip, correlation }),
    ],
    port: null,
  };
}

type PortParts = Pick<Extract<Task, { kind: 'make_port' }>, 'network' | 'subnet' | 'correlation'> & {
  server: Server;
  id: string;
  ip: string | null;
};

/** Named after the errand, so that it can be found again should the cloud's answer be lost. */
function portTask({ network, subnet, server, id, ip, correlation }: PortParts): Task {
  return { kind: 'make_port', network, subnet, name: `${plainName(server)}-${id}`, address: ip, correlation };
}
