// `network create`: makes a network; with a range also its subnet, so that servers can be plugged into it.
import { UserError } from '../../errors.ts';
import type { Task } from '../../errands/task.ts';
import { cidrProblem } from '../../openstack/cidr.ts';
import { modal, section } from '../../slack/blocks.ts';
import { input, textInput } from '../../slack/inputs.ts';
import type { Reply } from '../../slack/reply.ts';
import { type ArgsOf, defineCommand, type Form } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { begin, beginFromForm, markOf, type Order, orderId, planned } from '../errand/order.ts';
import { formAbout, textIn } from '../forms.ts';
import { refuseWithoutRoom } from './room.ts';
import { nameCode } from '../server/words.ts';

const args = {
  name: { kind: 'text', positional: true, summary: 'what to call it' },
  cidr: { kind: 'text', summary: 'also make a subnet with this address range', placeholder: '10.1.0.0/24' },
} as const;

type Given = ArgsOf<typeof args>;

export const networkCreate = defineCommand({
  name: 'network create',
  summary: 'Create a network',
  examples: ['network create backend', 'network create frontend --cidr 10.1.0.0/24', 'network create'],
  args,
  signIn: 'required',
  changes: true,
  opens: ({ name }) => (name === null ? 'Create a network' : null),
  run: async (given, ctx) => begin(await prepare(given, ctx, { planned: false }), ctx),
  plan: async (given, ctx) => planned(await prepare(given, ctx, { planned: true })),
  views: {
    'network:create': {
      changes: true,
      after: 'wait',
      check: checkForm,
      args: formFields,
      run: async (form, ctx) => beginFromForm(await prepare(formFields(form), ctx, { planned: false }), ctx),
    },
  },
});

async function prepare(given: Given, ctx: CommandContext, about: { planned: boolean }): Promise<Order | Reply> {
  const { name, cidr } = given;
  if (name === null) return networkForm(given, ctx, about);
  const cloud = await ctx.cloud();
  const problem = cidr === null ? null : cidrProblem(cidr, { profile: cloud.profile, taken: [] });
  if (problem !== null) throw new UserError('bad_usage', problem, { about: 'cidr' });
  await refuseWithoutRoom(cloud, cidr === null ? ['networks'] : ['networks', 'subnets']);
  const made = { step: 0 };
  const correlation = markOf(cloud, orderId(ctx));
  const subnet: Task[] =
    cidr === null ? [] : [{ kind: 'make_subnet', network: made, name, cidr: cidr.trim(), correlation }];
  const unsubnet: Task[] = cidr === null ? [] : [{ kind: 'remove', thing: 'subnet', it: { step: 1 } }];
  return {
    kind: 'order',
    cloud,
    title: `Create network ${name}${cidr === null ? '' : ` with ${cidr.trim()}`}`,
    server: null,
    tasks: [{ kind: 'make_network', name, correlation }, ...subnet],
    undo: [...unsubnet, { kind: 'remove', thing: 'network', it: made }],
  };
}

async function networkForm(
  given: Given,
  ctx: CommandContext,
  { planned: isPlanned }: { planned: boolean },
): Promise<Reply> {
  const [cloud, project] = await Promise.all([ctx.cloud(), ctx.project()]);
  const strict = cloud.profile.strictNetworks;
  const view = modal({
    title: 'Create a network',
    submit: isPlanned ? 'Show the calls' : 'Create',
    callbackId: 'network:create',
    privateMetadata: formAbout(ctx, { planned: isPlanned, ...(strict && { strict: 'yes' }) }),
    blocks: [
      section(`Project ${nameCode(project.name)}.`),
      input({ blockId: 'name', label: 'Name', element: textInput({ actionId: 'network:name', maxLength: 255 }) }),
      input({
        blockId: 'cidr',
        label: 'Address range',
        optional: true,
        hint: 'With one it gets a subnet, and servers can be plugged in.',
        element: textInput({
          actionId: 'network:cidr',
          placeholder: '10.1.0.0/24',
          maxLength: 60,
          ...(given.cidr !== null && { initial: given.cidr }),
        }),
      }),
    ],
  });
  return { kind: 'modal', view };
}

function formFields({ values }: Form): Given {
  return { name: textIn(values, 'name'), cidr: textIn(values, 'cidr') };
}

function checkForm(form: Form): Record<string, string> {
  const { name, cidr } = formFields(form);
  const profile = { strictNetworks: form.about['strict'] === 'yes' };
  const problem = cidr === null ? null : cidrProblem(cidr, { profile, taken: [] });
  return { ...(name === null && { name: 'A network needs a name.' }), ...(problem !== null && { cidr: problem }) };
}
