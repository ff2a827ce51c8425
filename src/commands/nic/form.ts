// The form behind an incomplete `nic attach`: an existing network, or a new one.
import { cidrProblem } from '../../openstack/cidr.ts';
import { modal, section } from '../../slack/blocks.ts';
import type { Reply } from '../../slack/reply.ts';
import type { Form } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { inner, networkNamed } from '../find/network.ts';
import { formAbout, textField, textIn } from '../forms.ts';
import { networkInput } from '../network/menu.ts';
import type { NicWish } from './attach.ts';
import { serverInput, serversToChoose } from '../server/menu.ts';
import { nameCode } from '../server/words.ts';

/** What was typed is filled in. Throws UserError `not_found`, `ambiguous` for a network that is none. */
export async function nicForm(given: NicWish, ctx: CommandContext, { planned }: { planned: boolean }): Promise<Reply> {
  const cloud = await ctx.cloud();
  const [servers, networks, project] = await Promise.all([
    serversToChoose(cloud, given.server),
    inner(cloud),
    ctx.project(),
  ]);
  const chosen = given.network === null ? null : networkNamed(networks, given.network).id;
  const strict = cloud.profile.strictNetworks;
  const mine = { of: 'nic', optional: true };
  const view = modal({
    title: 'Attach a NIC',
    submit: planned ? 'Show the calls' : 'Attach',
    callbackId: 'nic:attach',
    privateMetadata: formAbout(ctx, { planned, ...(strict && { strict: 'yes' }) }),
    blocks: [
      section(`Project ${nameCode(project.name)}. Choose a network, or name a new one with its address range.`),
      serverInput(servers, { actionId: 'nic:server' }),
      networkInput(networks, { actionId: 'nic:network', initial: chosen, optional: true }),
      textField({
        ...mine,
        id: 'ip',
        label: 'Address',
        hint: 'Else the cloud chooses.',
        placeholder: '10.0.0.9',
        initial: given.ip,
      }),
      textField({ ...mine, id: 'newNetwork', label: 'New network', placeholder: 'backend', initial: given.newNetwork }),
      textField({
        ...mine,
        id: 'cidr',
        label: 'Address range of the new network',
        hint: strict
          ? 'Inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, /28 or larger.'
          : 'For example 10.1.0.0/24.',
        placeholder: '10.1.0.0/24',
        initial: given.cidr,
      }),
    ],
  });
  return { kind: 'modal', view };
}

export function nicFormFields({ values }: Form): NicWish {
  return {
    server: textIn(values, 'server'),
    port: null,
    network: textIn(values, 'network'),
    ip: textIn(values, 'ip'),
    newNetwork: textIn(values, 'newNetwork'),
    cidr: textIn(values, 'cidr'),
  };
}

/** Pure and instant; what it needs to know of the cloud is in the form's metadata. */
export function checkNicForm(form: Form): Record<string, string> {
  const { server, network, newNetwork, cidr } = nicFormFields(form);
  const strictNetworks = form.about['strict'] === 'yes';
  const range =
    newNetwork !== null && cidr !== null ? cidrProblem(cidr, { profile: { strictNetworks }, taken: [] }) : null;
  return {
    ...(server === null && { server: 'Choose a server.' }),
    ...(network === null && newNetwork === null && { network: 'Choose a network, or name a new one below.' }),
    ...(network !== null &&
      newNetwork !== null && { newNetwork: 'You have chosen a network above: leave one of them empty.' }),
    ...(newNetwork !== null && cidr === null && { cidr: 'A new network needs an address range.' }),
    ...(newNetwork === null && cidr !== null && { cidr: 'The range is for a new network: name it above.' }),
    ...(range !== null && { cidr: range }),
  };
}
