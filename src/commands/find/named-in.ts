// The servers that a message names: what somebody wrote, or a card of ours. Pure.
import type { Server } from '../../openstack/server.ts';

/** A name counts where it stands as a word of its own: `web-1` is not named by `web-10` or `my-web-1`. Longest names first. */
export function serversNamedIn(text: string, servers: readonly Server[]): Server[] {
  let rest = text;
  const found: Server[] = [];
  for (const server of servers.toSorted((a, b) => b.name.length - a.name.length)) {
    if (text.includes(server.id)) found.push(server);
    else if (server.name !== '' && wordIn(server.name).test(rest)) found.push(server);
    else continue;
    // What a longer name has used up does not name a shorter one as well; twins share their name.
    const twin = servers.some(
      ({ id, name }) => id !== server.id && name === server.name && !found.some((one) => one.id === id),
    );
    if (!twin && server.name !== '') rest = rest.replaceAll(new RegExp(wordIn(server.name), 'gu'), ' ');
  }
  return found;
}

/** Letters, digits and what names are made of must not go on at either end; a full stop may end the sentence. */
function wordIn(name: string): RegExp {
  const literal = name.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  return new RegExp(String.raw`(?<![\p{L}\p{N}_.\-])${literal}(?![\p{L}\p{N}_\-]|\.[\p{L}\p{N}])`, 'u');
}
