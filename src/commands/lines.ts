// Many lines of text in as few blocks as Slack's limits allow. Pure.
import type { KnownBlock } from '@slack/types';
import { section } from '../slack/blocks.ts';
import { LIMITS, truncate } from '../slack/limits.ts';

/** Mrkdwn lines → sections; no line is cut in two. Slack refuses more than about 13,000 characters of blocks in a message. */
export function inSections(lines: readonly string[]): KnownBlock[] {
  const blocks: KnownBlock[] = [];
  let text = '';
  for (const line of lines.map((one) => truncate(one, LIMITS.sectionText))) {
    if (text !== '' && text.length + 1 + line.length > LIMITS.sectionText) {
      blocks.push(section(text));
      text = '';
    }
    text = text === '' ? line : `${text}\n${line}`;
  }
  return text === '' ? blocks : [...blocks, section(text)];
}
