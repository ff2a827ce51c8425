// A running resize has the server to itself: nothing else is done to it meanwhile.
import { UserError } from '../../errors.ts';
import type { Server } from '../../openstack/server.ts';
import type { ResizeRequest } from '../../resize/request.ts';
import { mention } from '../../slack/text.ts';
import { nameCode, plainName } from '../server/words.ts';

/** Throws UserError `busy` naming the request and who asked for it. One that nobody has approved yet is in nobody's way. */
export function refuseDuringResize(resize: ResizeRequest | null, server: Pick<Server, 'id' | 'name'>): void {
  if (resize && resize.state !== 'awaiting_approval') throw resizeRuns(resize, server);
}

function resizeRuns({ id, requester }: ResizeRequest, server: Pick<Server, 'id' | 'name'>): UserError {
  const rest = `runs on ${plainName(server)}, asked for by`;
  const next = 'Wait until it is done, then try again.';
  return new UserError('busy', `The resize ${id} ${rest} user ${requester.userId}. ${next}`, {
    mrkdwn: `The resize ${id} runs on ${nameCode(plainName(server))}, asked for by ${mention(requester.userId)}. ${next}`,
  });
}
