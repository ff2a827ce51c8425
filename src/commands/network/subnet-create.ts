// `subnet create`: gives a network an address range, checked before the cloud is asked.
import { UserError } from '../../errors.ts';
import { cidrProblem } from '../../openstack/cidr.ts';
import { modal, section } from '../../slack/blocks.ts';
import type { Reply } from '../../slack/reply.ts';
import { type ArgsOf, defineCommand, type Form } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { begin, beginFromForm, markOf, type Order, orderId, planned } from '../errand/order.ts';
import { findNetwork, inner, networkNamed, subnetsOf } from '../find/network.ts';
import { formAbout, textField, textIn } from '../forms.ts';
import { networkChoices, networkInput } from './menu.ts';
import { refuseWithoutRoom } from './room.ts';
import { nameCode } from '../server/words.ts';

const args = {
  network: { kind: 'text', positional: true, summary: 'name or id of the network' },
  cidr: { kind: 'text', positional: true, summary: 'its address range, e.g. 10.1.0.0/24' },
  name: { kind: 'text', summary: 'what to call it; like the network, unless told' },
} as const;

type Given = ArgsOf<typeof args>;

export const subnetCreate = defineCommand({
  name: 'subnet create',
  summary: 'Give a network an address range',
  examples: [
    'subnet create backend 10.3.0.0/24',
    'subnet create backend 10.4.0.0/24 --name backend-b',
    'subnet create',
  ],
  args,
  signIn: 'required',
  changes: true,
  opens: ({ network, cidr }) => (network === null || cidr === null ? 'Create a subnet' : null),
  run: async (given, ctx) => begin(await prepare(given, ctx, { planned: false }), ctx),
  plan: async (given, ctx) => planned(await prepare(given, ctx, { planned: true })),
  views: {
    'subnet:create': {
      changes: true,
      after: 'wait',
      check: checkForm,
      args: formFields,
      run: async (form, ctx) => beginFromForm(await prepare(formFields(form), ctx, { planned: false }), ctx),
    },
  },
  suggestions: { 'subnet:network': networkChoices },
});

async function prepare(given: Given, ctx: CommandContext, about: { planned: boolean }): Promise<Order | Reply> {
  const { network, cidr } = given;
  if (network === null || cidr === null) return subnetForm(given, ctx, about);
  const cloud = await ctx.cloud();
  refuse(cidrProblem(cidr, { profile: cloud.profile, taken: [] }));
  const found = await findNetwork(cloud, network);
  const called = found.name || found.id;
  const [subnets] = await Promise.all([subnetsOf(cloud, found), refuseWithoutRoom(cloud, ['subnets'])]);
  const [first] = subnets;
  if (first && cloud.profile.strictNetworks) {
    throw new UserError(
      'unsupported',
      `${called} has the subnet ${first.cidr} already, and in this cloud a network has only one: make another network.`,
      { about: 'network' },
    );
  }
  refuse(cidrProblem(cidr, { profile: cloud.profile, taken: subnets.map((subnet) => subnet.cidr) }));
  const range = cidr.trim();
  return {
    kind: 'order',
    cloud,
    title: `Create subnet ${range} in ${called}`,
    server: null,
    tasks: [
      {
        kind: 'make_subnet',
        network: { id: found.id, name: called },
        name: given.name ?? called,
        cidr: range,
        correlation: markOf(cloud, orderId(ctx)),
      },
    ],
    undo: [{ kind: 'remove', thing: 'subnet', it: { step: 0 } }],
  };
}

function refuse(problem: string | null): void {
  if (problem !== null) throw new UserError('bad_usage', problem, { about: 'cidr' });
}

async function subnetForm(
  given: Given,
  ctx: CommandContext,
  { planned: isPlanned }: { planned: boolean },
): Promise<Reply> {
  const cloud = await ctx.cloud();
  const [networks, project] = await Promise.all([inner(cloud), ctx.project()]);
  const chosen = given.network === null ? null : networkNamed(networks, given.network).id;
  const strict = cloud.profile.strictNetworks;
  const view = modal({
    title: 'Create a subnet',
    submit: isPlanned ? 'Show the calls' : 'Create',
    callbackId: 'subnet:create',
    privateMetadata: formAbout(ctx, { planned: isPlanned, ...(strict && { strict: 'yes' }) }),
    blocks: [
      section(`Project ${nameCode(project.name)}.`),
      networkInput(networks, { actionId: 'subnet:network', initial: chosen }),
      textField({
        of: 'subnet',
        id: 'cidr',
        label: 'Address range',
        placeholder: '10.1.0.0/24',
        initial: given.cidr,
        optional: false,
      }),
      textField({
        of: 'subnet',
        id: 'name',
        label: 'Name',
        placeholder: 'Like the network',
        initial: given.name,
        optional: true,
      }),
    ],
  });
  return { kind: 'modal', view };
}

function formFields({ values }: Form): Given {
  return { network: textIn(values, 'network'), cidr: textIn(values, 'cidr'), name: textIn(values, 'name') };
}

function checkForm(form: Form): Record<string, string> {
  const { network, cidr } = formFields(form);
  const profile = { strictNetworks: form.about['strict'] === 'yes' };
  const problem = cidr === null ? 'A subnet needs an address range.' : cidrProblem(cidr, { profile, taken: [] });
  return { ...(network === null && { network: 'Choose a network.' }), ...(problem !== null && { cidr: problem }) };
}
