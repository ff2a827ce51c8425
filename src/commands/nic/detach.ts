// `nic detach`: takes a NIC off a server, after asking once more.
import { UserError } from '../../errors.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import type { Interface } from '../../openstack/interfaces.ts';
import type { Server } from '../../openstack/server.ts';
import type { Reply } from '../../slack/reply.ts';
import { type ArgsOf, defineCommand } from '../command.ts';
import { confirmDetach } from '../errand/confirm-detach.ts';
import type { CommandContext } from '../context.ts';
import { begin, type Order, planned, refuseUnlessSteady } from '../errand/order.ts';
import { hasAddress } from '../find/network.ts';
import { withServer } from '../find/server.ts';
import { exactLine } from '../grammar/parse.ts';
import { type DetachLine, nicsOf, serverNicsReply, type ServerNics } from '../server/nics.ts';
import { plainName, shortName } from '../server/words.ts';

const args = {
  server: { kind: 'text', positional: true, summary: 'name or id of the server' },
  port: { kind: 'text', positional: true, summary: 'address, MAC or port id of the NIC' },
  yes: { kind: 'boolean', summary: 'do not ask again', repeats: false },
} as const;

type Given = ArgsOf<typeof args>;

export const nicDetach = defineCommand({
  name: 'nic detach',
  summary: 'Take a NIC off a server',
  details: 'Without the NIC it lists those the server has. A port that the cloud made for the server goes with it.',
  examples: ['nic detach web-1 192.168.50.9', 'nic detach web-1'],
  args,
  signIn: 'required',
  changes: true,
  asksFirst: ({ server, port, yes }) => server === null || port === null || !yes,
  async run(given, ctx) {
    const found = await prepare(given, ctx);
    if (found.kind !== 'detach') return found;
    const { order, last, ids } = found;
    if (given.yes) return begin(order, ctx);
    const more = last ? 'It is the only one: after that the server cannot be reached over any network.' : undefined;
    return confirmDetach(order, { thing: 'nic', ctx, line: ctx.again({ ...ids, yes: true }), ...(more && { more }) });
  },
  async plan(given, ctx) {
    const found = await prepare(given, ctx);
    return found.kind === 'detach' ? planned(found.order) : found;
  },
});

export const detachLine: DetachLine = (ids) => exactLine(nicDetach, ids);

/** `ids`: of what the person was asked about, since a name may be another's by the time of the answer. */
type Detach = { kind: 'detach'; order: Order; last: boolean; ids: Partial<Given> };

async function prepare({ server, port }: Given, ctx: CommandContext): Promise<Detach | Reply> {
  return withServer(server, ctx, async (found, cloud): Promise<Detach | Reply> => {
    const has = await nicsOf(cloud, found);
    if (port === null) return serverNicsReply(found, has, detachLine);
    const nic = nicNamed(has, port, plainName(found));
    refuseFirst(nic, { has, server: found, cloud });
    await refuseUnlessSteady(found, ctx);
    const ref = { id: found.id, name: plainName(found) };
    const name = nic.addresses[0]?.address ?? nic.portId;
    const order: Order = {
      kind: 'order',
      cloud,
      title: `Detach NIC ${name} from ${ref.name}`,
      server: ref,
      tasks: [{ kind: 'detach_port', server: ref, port: { id: nic.portId, name } }],
      undo: [],
    };
    return { kind: 'detach', order, last: has.nics.length === 1, ids: { server: found.id, port: nic.portId } };
  });
}

/** Which of several is the first one, the cloud alone knows. Throws UserError `unsupported`. */
function refuseFirst(
  nic: Interface,
  { has, server, cloud }: { has: ServerNics; server: Pick<Server, 'id' | 'name'>; cloud: Cloud },
): void {
  if (!cloud.profile.strictNetworks || has.nics.length > 1) return;
  const name = nic.addresses[0]?.address ?? nic.portId;
  throw new UserError(
    'unsupported',
    `${name} is the only NIC of ${plainName(server)}, and in this cloud a server keeps its first one.`,
  );
}

function nicNamed({ nics }: ServerNics, wanted: string, server: string): Interface {
  const found = nics.find((nic) => nic.portId === wanted || hasAddress(nic, wanted));
  if (found) return found;
  const has = nics.map(({ addresses, portId }) => addresses[0]?.address ?? portId).join(', ');
  const hint = has === '' ? 'It has none.' : `It has ${has}.`;
  throw new UserError('not_found', `${server} has no NIC ${shortName(wanted)}. ${hint}`);
}
