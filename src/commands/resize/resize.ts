// `resize`: a complete line asks at once and the card is the answer; an incomplete one opens the form.
import { UserError } from '../../errors.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import type { Server } from '../../openstack/server.ts';
import { showServer } from '../../openstack/servers.ts';
import { planFor, REASON_LENGTH } from '../../resize/ask.ts';
import type { ResizeRequest } from '../../resize/request.ts';
import type { AskInput } from '../../resize/resizes.ts';
import { modal, section } from '../../slack/blocks.ts';
import type { Reply } from '../../slack/reply.ts';
import { type Click, defineCommand, type Form } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { flavorNamed } from '../find/flavor.ts';
import { withServer } from '../find/server.ts';
import { textIn } from '../forms.ts';
import { flavorChoices, formFields, resizeForm } from './form.ts';
import { resizePlanned } from './plan.ts';
import { serverChoices } from '../server/menu.ts';
import { nameCode } from '../server/words.ts';

const args = {
  server: { kind: 'text', positional: true, summary: 'name or id of the server' },
  flavor: { kind: 'text', positional: true, summary: 'name or id of the flavor it shall have' },
  reason: {
    kind: 'text',
    rest: true,
    maxLength: REASON_LENGTH,
    summary: 'why, for the approvers',
    placeholder: 'text',
  },
} as const;

export const resize = defineCommand({
  name: 'resize',
  summary: 'Ask to give a server another flavor',
  details: 'Somebody else approves it on the card; a running server is stopped for it and started again.',
  examples: ['resize web-1 c1.large', 'resize web-2 c1.large --reason more memory for the import', 'resize'],
  args,
  signIn: 'required',
  changes: true,
  opens: (given) => (given.server === null || given.flavor === null ? 'Resize a server' : null),
  async run(given, ctx) {
    const { server, flavor } = given;
    if (server === null || flavor === null) return { kind: 'modal', view: await resizeForm(given, ctx) };
    return withServer(server, ctx, async (found, cloud) => {
      await ask({ server: found, cloud, flavor, reason: given.reason }, ctx);
      return { kind: 'none' };
    });
  },
  async plan({ server, flavor, reason }, ctx) {
    if (server === null || flavor === null) {
      return { kind: 'modal', view: await resizeForm({ server, flavor, reason }, ctx, { planned: true }) };
    }
    return withServer(server, ctx, async (found, cloud) => {
      const asked = { ...(await wished({ server: found, cloud, flavor, reason }, ctx)), channelId: '' };
      const { plan } = await planFor(asked, ctx.flavors);
      return resizePlanned(plan, 'approve', cloud);
    });
  },
  shortcuts: { resize_server: { opens: 'Resize a server', resolve: async () => ({ args: {} }) } },
  actions: { 'resize:reverse': { changes: true, run: askReverse } },
  views: {
    'resize:submit': {
      changes: true,
      after: 'wait',
      check: (form) => checkForm(form),
      args: (form) => formFields(form),
      run: runForm,
    },
  },
  suggestions: { 'resize:server': serverChoices, 'resize:flavor': flavorChoices },
});

/** Where nothing can be reverted: a request of its own for the way back, decided like any other. */
async function askReverse({ value }: Click, ctx: CommandContext): Promise<Reply> {
  const done = await ctx.resizes.get(value, ctx.person);
  if (!done) throw new UserError('not_found', `There is no request ${value}. “requests” lists the newest ones.`);
  const { server, project, from } = done.plan;
  const { cloud } = await ctx.sessions.open(ctx.person);
  const there = await cloud(project.id);
  await ctx.resizes.ask({
    person: ctx.person,
    channelId: done.channelId,
    server: await showServer(there, server.id),
    flavor: await flavorNamed(from.id ?? from.name, { cloud: there, cache: ctx.flavors }),
    reason: `Reverse of ${done.id}`,
    cloud: there,
    project,
  });
  return { kind: 'none' };
}

function checkForm(form: Form): Record<string, string> {
  const { server, flavor, reason } = formFields(form);
  return {
    ...(server === null && { server: 'Choose a server.' }),
    ...(flavor === null && { flavor: 'Choose the flavor it shall have.' }),
    ...('channel' in form.values && textIn(form.values, 'channel') === null && { channel: 'Choose a channel.' }),
    ...(reason !== null && reason.length > REASON_LENGTH && { reason: `At most ${REASON_LENGTH} characters, please.` }),
  };
}

/** A form holds ids, so there is nothing to pick from. */
async function runForm(form: Form, ctx: CommandContext): Promise<Reply> {
  const { server, flavor, reason } = formFields(form);
  return withServer(server, ctx, async (found, cloud) => {
    const channelId = textIn(form.values, 'channel');
    const request = await ask({ server: found, cloud, flavor: flavor ?? '', reason, channelId }, ctx);
    return { kind: 'modal', view: askedView(request) };
  });
}

type Wish = {
  server: Server;
  cloud: Cloud;
  /** Name or id. */
  flavor: string;
  reason: string | null;
  /** Chosen in the form, where it was opened outside any channel. */
  channelId?: string | null;
};

async function ask(wish: Wish, ctx: CommandContext): Promise<ResizeRequest> {
  const channelId = ctx.channelId ?? wish.channelId ?? null;
  if (channelId === null) {
    throw new UserError('bad_usage', `A resize is decided in a channel: ask for it there with ${ctx.slash} resize.`);
  }
  return ctx.resizes.ask({ ...(await wished(wish, ctx)), channelId });
}

async function wished(wish: Wish, ctx: CommandContext): Promise<Omit<AskInput, 'channelId'>> {
  const { cloud } = wish;
  const flavor = await flavorNamed(wish.flavor, { cloud, cache: ctx.flavors });
  return { ...wish, flavor, person: ctx.person, project: await ctx.project() };
}

function askedView(request: ResizeRequest) {
  const { server, to } = request.plan;
  const text = `${request.id} asks to give ${nameCode(server.name)} the flavor ${nameCode(to.name)}. Its card is in <#${request.channelId}>.`;
  return modal({ title: 'Asked', blocks: [section(text)] });
}
