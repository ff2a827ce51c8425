// Many lines of text in as few blocks as Slack's limits allow. Pure.
import type { KnownBlock } from '@slack/types';
import { section } from '../slack/blocks.ts';
import { LIMITS, truncate } from '../slack/limits.ts';

/** Characters of JSON for the text of one answer; its buttons and menus need the rest of a message's 13,000. */
const BUDGET = 7_000;

/** Mrkdwn lines → sections; no line is cut in two, and what would make the message too large is counted instead. */
export function inSections(lines: readonly string[]): KnownBlock[] {
  const fitting = linesThatFit(lines.map((line) => truncate(line, LIMITS.sectionText)));
  const missing = lines.length - fitting.length;
  const rest = missing === 0 ? [] : [`… and ${missing} more that one message cannot hold: ask for fewer at a time.`];
  const blocks: KnownBlock[] = [];
  let text = '';
  for (const line of [...fitting, ...rest]) {
    if (text !== '' && text.length + 1 + line.length > LIMITS.sectionText) {
      blocks.push(section(text));
      text = '';
    }
    text = text === '' ? line : `${text}\n${line}`;
  }
  return text === '' ? blocks : [...blocks, section(text)];
}

function linesThatFit(lines: readonly string[]): readonly string[] {
  let used = 0;
  const over = lines.findIndex((line) => {
    used += JSON.stringify(line).length;
    return used > BUDGET;
  });
  return over === -1 ? lines : lines.slice(0, over);
}
