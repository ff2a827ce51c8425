// `--plan`: the exact HTTP calls a command would make, shown instead of made. Secrets are masked by the cloud edge.
import type { KnownBlock } from '@slack/types';
import type { CallPreview, Cloud, CloudRequest } from '../openstack/cloud.ts';
import { context, section } from '../slack/blocks.ts';
import { truncate } from '../slack/limits.ts';
import type { Reply } from '../slack/reply.ts';
import { escapeMrkdwn } from '../slack/text.ts';

/** One call in its place. `why` is plain text: what it does, and when it is made if that is not certain. */
export type PlannedCall = { why: string; request: CloudRequest };

/** The calls in the order in which they would be made; or a question that has to be answered first. */
export type Planned = { kind: 'calls'; cloud: Cloud; calls: PlannedCall[]; note?: string } | Reply;

/**
 * Stands for an id that only an earlier call of the same plan will tell, e.g. `(id-of-the-new-disk)`. Written with letters
 * that a URL takes as they are.
 */
export function idFrom(what: string): string {
  return `(id-of-the-${what.replaceAll(' ', '-')})`;
}

/** Characters of one call: a body can hold user data of any length. */
const CALL_LENGTH = 2_400;
/** Characters of all calls; the rest of a message's 13,000 is for what stands around them. */
const ALL_LENGTH = 9_000;

/** Asks the cloud for nothing but its versions; throws what `Cloud.preview` throws. */
export async function planReply({ cloud, calls, note }: Extract<Planned, { kind: 'calls' }>): Promise<Reply> {
  const shown: KnownBlock[] = [];
  let room = ALL_LENGTH;
  for (const [place, call] of calls.entries()) {
    const text = `*${place + 1}. ${escapeMrkdwn(call.why)}*\n${asCode(await cloud.preview(call.request))}`;
    room -= JSON.stringify(text).length;
    if (room < 0) break;
    shown.push(section(text));
  }
  const missing = calls.length - shown.length;
  const title = titleOf(calls.length);
  const notes = [
    ...(missing > 0 ? [`… and ${missing} more that one message cannot hold.`] : []),
    ...(note ? [escapeMrkdwn(note)] : []),
    'Nothing was changed. Leave out `--plan` to do it.',
  ];
  return { kind: 'message', audience: 'person', text: title, blocks: [section(title), ...shown, context(...notes)] };
}

function titleOf(count: number): string {
  if (count === 0) return 'No call to the cloud would be made.';
  return count === 1 ? 'This call would be made:' : `These ${count} calls would be made:`;
}

function asCode({ method, url, headers, body }: CallPreview): string {
  const lines = [
    `${method} ${url}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === null ? [] : ['', JSON.stringify(body, null, 2)]),
  ];
  const text = escapeMrkdwn(lines.join('\n')).replaceAll('`', 'ˋ');
  return `\`\`\`${truncate(text, CALL_LENGTH)}\`\`\``;
}
