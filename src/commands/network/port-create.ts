// `port create`: makes a port on a network, to be attached to a server later.
import { UserError } from '../../errors.ts';
import { isIP } from 'node:net';
import { contains } from '../../openstack/cidr.ts';
import type { Subnet } from '../../openstack/subnets.ts';
import { modal, section } from '../../slack/blocks.ts';
import type { Reply } from '../../slack/reply.ts';
import { type ArgsOf, defineCommand, type Form } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { begin, beginFromForm, markOf, type Order, orderId, planned } from '../errand/order.ts';
import { findNamed } from '../find/named.ts';
import { findNetwork, inner, refuseTakenAddress, refuseUnusableAddress, subnetsOf } from '../find/network.ts';
import { formAbout, textField, textIn } from '../forms.ts';
import { networkChoices, networkInput } from './menu.ts';
import { refuseWithoutRoom } from './room.ts';
import { nameCode } from '../server/words.ts';

const args = {
  network: { kind: 'text', positional: true, summary: 'name or id of the network' },
  ip: { kind: 'text', summary: 'the address it shall have, else the cloud chooses', placeholder: '10.1.0.5' },
  subnet: { kind: 'text', summary: 'name, id or range of the subnet, where there are several' },
  name: { kind: 'text', summary: 'what to call it' },
} as const;

type Given = ArgsOf<typeof args>;

export const portCreate = defineCommand({
  name: 'port create',
  summary: 'Create a port, to be attached to a server later',
  examples: ['port create backup-net', 'port create backup-net --ip 192.168.50.21 --name web-1-backup', 'port create'],
  args,
  signIn: 'required',
  changes: true,
  opens: ({ network }) => (network === null ? 'Create a port' : null),
  run: async (given, ctx) => begin(await prepare(given, ctx, { planned: false }), ctx),
  plan: async (given, ctx) => planned(await prepare(given, ctx, { planned: true })),
  views: {
    'port:create': {
      changes: true,
      after: 'wait',
      check: checkForm,
      args: formFields,
      run: async (form, ctx) => beginFromForm(await prepare(formFields(form), ctx, { planned: false }), ctx),
    },
  },
  suggestions: { 'port:network': networkChoices },
});

async function prepare(given: Given, ctx: CommandContext, about: { planned: boolean }): Promise<Order | Reply> {
  if (given.network === null) return portForm(given, ctx, about);
  const cloud = await ctx.cloud();
  const network = await findNetwork(cloud, given.network);
  const called = network.name || network.id;
  const [subnets] = await Promise.all([subnetsOf(cloud, network), refuseWithoutRoom(cloud, ['ports'])]);
  if (subnets.length === 0) {
    throw new UserError(
      'wrong_state',
      `${called} has no subnet, so there are no addresses in it: make one with “subnet create”.`,
      { about: 'network' },
    );
  }
  const subnet = chosenSubnet(given, subnets);
  if (given.ip !== null) {
    const place = { network: called, subnets: subnet ? [subnet] : subnets, profile: cloud.profile };
    refuseUnusableAddress(given.ip, place);
    await refuseTakenAddress(cloud, network, given.ip);
  }
  const name = given.name ?? `port-${orderId(ctx)}`;
  return {
    kind: 'order',
    cloud,
    title: `Create port ${name} on ${called}`,
    server: null,
    tasks: [
      {
        kind: 'make_port',
        network: { id: network.id, name: called },
        subnet: subnet && { id: subnet.id, name: subnet.name },
        name,
        address: given.ip,
        correlation: markOf(cloud, orderId(ctx)),
      },
    ],
    undo: [{ kind: 'remove', thing: 'port', it: { step: 0 } }],
  };
}

/** The one that is named, or that the address belongs to; null: the cloud chooses. Throws UserError `not_found`, `ambiguous`. */
function chosenSubnet({ subnet, ip }: Given, subnets: Subnet[]): Subnet | null {
  const byRange = subnets.find(({ cidr }) => cidr === subnet);
  if (subnet !== null) return byRange ?? findNamed(subnets, subnet, { one: 'subnet', list: 'networks' });
  return ip === null ? null : (subnets.find(({ cidr }) => contains(cidr, ip)) ?? null);
}

async function portForm(
  given: Given,
  ctx: CommandContext,
  { planned: isPlanned }: { planned: boolean },
): Promise<Reply> {
  const cloud = await ctx.cloud();
  const [networks, project] = await Promise.all([inner(cloud), ctx.project()]);
  const optional = { of: 'port', optional: true };
  const view = modal({
    title: 'Create a port',
    submit: isPlanned ? 'Show the calls' : 'Create',
    callbackId: 'port:create',
    privateMetadata: formAbout(ctx, { planned: isPlanned }),
    blocks: [
      section(`Project ${nameCode(project.name)}.`),
      networkInput(networks, { actionId: 'port:network', initial: null }),
      textField({ id: 'ip', label: 'Address', placeholder: '10.1.0.5', initial: given.ip, ...optional }),
      textField({
        id: 'subnet',
        label: 'Subnet',
        placeholder: '10.1.0.0/24',
        initial: given.subnet,
        ...optional,
        hint: SUBNET,
      }),
      textField({ id: 'name', label: 'Name', placeholder: 'web-1-backend', initial: given.name, ...optional }),
    ],
  });
  return { kind: 'modal', view };
}

const SUBNET = 'Its name, id or range, where the network has several.';

function formFields({ values }: Form): Given {
  const [network, ip] = [textIn(values, 'network'), textIn(values, 'ip')];
  return { network, ip, subnet: textIn(values, 'subnet'), name: textIn(values, 'name') };
}

function checkForm(form: Form): Record<string, string> {
  const { network, ip } = formFields(form);
  return {
    ...(network === null && { network: 'Choose a network.' }),
    ...(ip !== null && isIP(ip) === 0 && { ip: 'That is not an address. Write it like 10.1.0.5, or leave it empty.' }),
  };
}
