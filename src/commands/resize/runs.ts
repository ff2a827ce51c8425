// A running resize has the server to itself: nothing else is done to it meanwhile.
import { UserError } from '../../errors.ts';
import type { Server } from '../../openstack/server.ts';
import type { OpenResize } from '../../resize/resizes.ts';
import { mention } from '../../slack/text.ts';
import { nameCode, plainName } from '../server/words.ts';

/** Throws UserError `busy` naming the request and who asked for it, unless that was in another workspace. One that nobody has approved yet is in nobody's way. */
export function refuseDuringResize(resize: OpenResize | null, server: Pick<Server, 'id' | 'name'>): void {
  if (resize && resize.state !== 'awaiting_approval') throw resizeRuns(resize, server);
}

function resizeRuns(resize: OpenResize, server: Pick<Server, 'id' | 'name'>): UserError {
  if (resize.id === null) {
    const [what, next] = ['A resize asked for in another Slack workspace', 'Wait until it is done, then try again.'];
    return new UserError('busy', `${what} runs on ${plainName(server)}. ${next}`, {
      mrkdwn: `${what} runs on ${nameCode(plainName(server))}. ${next}`,
    });
  }
  const { id, requester } = resize;
  const rest = `runs on ${plainName(server)}, asked for by`;
  const next = 'Wait until it is done, then try again.';
  return new UserError('busy', `The resize ${id} ${rest} user ${requester.userId}. ${next}`, {
    mrkdwn: `The resize ${id} runs on ${nameCode(plainName(server))}, asked for by ${mention(requester.userId)}. ${next}`,
  });
}
