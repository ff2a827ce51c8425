// `nic list`: the NICs of a server.
import { defineCommand } from '../command.ts';
import { withServer } from '../find/server.ts';
import { detachLine } from './detach.ts';
import { nicsOf, serverNicsReply } from '../server/nics.ts';

export const nicList = defineCommand({
  name: 'nic list',
  summary: 'List the NICs of a server',
  examples: ['nic list web-1'],
  args: { server: { kind: 'text', positional: true, summary: 'name or id of the server' } },
  signIn: 'required',
  changes: false,
  run: ({ server }, ctx) =>
    withServer(server, ctx, async (found, cloud) => serverNicsReply(found, await nicsOf(cloud, found), detachLine)),
});
