// Text that people or clouds chose, made harmless for Slack: no mentions, no hidden direction tricks, no broken layout.

/** Control and format characters (direction marks, zero-width spaces, odd line ends) but tab, newline, and the joiners that scripts and emoji need. */
const UNSEEN = /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]--[\t\n\u200c\u200d]]/gv;
/** As `UNSEEN`, but for the isolates that `safeName` puts around a name. */
const UNPRINTABLE = /[[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]--[\t\n\u2068\u2069\u200c\u200d]]/gv;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const LONE_SURROGATES = /\p{Surrogate}/gu;
const ISOLATE = '\u2068';
const END_ISOLATE = '\u2069';

/** A name (server, flavor, person …) on one line, without invisible characters; right-to-left names cannot reorder their neighbours. Not escaped. */
export function safeName(name: string): string {
  const line = visible(name).replace(/\s+/g, ' ').trim();
  return RIGHT_TO_LEFT.test(line) ? `${ISOLATE}${line}${END_ISOLATE}` : line;
}

/** Plain text → mrkdwn that shows the same and mentions nobody. https://docs.slack.dev/messaging/formatting-message-text#escaping */
export function escapeMrkdwn(text: string): string {
  const shown = visible(text);
  const safe = RIGHT_TO_LEFT.test(shown) ? `${ISOLATE}${shown}${END_ISOLATE}` : shown;
  return safe.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A name or command as mrkdwn code: no formatting inside, nothing mentioned. */
export function code(text: string): string {
  return `\`${escapeMrkdwn(safeName(text)).replaceAll('`', 'ˋ') || ' '}\``;
}

/**
 * A line to be copied and typed, as mrkdwn code. Right-to-left words are isolated one by one: before the slash of the
 * command nothing may stand, seen or unseen.
 */
export function lineCode(line: string): string {
  const words = visible(line).replace(/\S+/g, (word) => safeName(word));
  const safe = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `\`${safe.replaceAll('`', 'ˋ')}\``;
}

/** What came out of `code` or `lineCode` and was copied → what went in. */
export function fromCode(text: string): string {
  return text.replaceAll('ˋ', '`').replaceAll(/[\u2066-\u2069]/g, '');
}

/** A secret that has to be copied as it is; in code, which nothing is formatted in, unless it holds its own end. */
export function exactly(text: string): string {
  const shown = escapeMrkdwn(text);
  return shown.includes('`') ? shown : `\`${shown}\``;
}

/** Slack shows the person's current name. */
export function mention(userId: string): string {
  return `<@${userId.replace(/[^A-Z0-9]/gi, '')}>`;
}

/** `epochMs` in the reader's own zone; `fallback` (plain text) for clients that cannot. */
export function dateTime(epochMs: number, fallback = inUtc(epochMs)): string {
  const shown = escapeMrkdwn(fallback).replaceAll('|', '/').replaceAll('^', ' ');
  return `<!date^${Math.floor(epochMs / 1000)}^{date_short_pretty} {time}|${shown}>`;
}

/** `512 MiB`, `4 GiB`, `1.5 GiB`: of 1,024 MiB and more in GiB, with one decimal. */
export function memoryWords(mib: number): string {
  return Math.abs(mib) < 1024 ? `${Math.round(mib)} MiB` : `${Math.round((mib / 1024) * 10) / 10} GiB`;
}

function inUtc(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Last line of defence, in every constructor: nothing unseen gets into a block, whoever wrote it. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '').replace(LONE_SURROGATES, '\ufffd');
}

function visible(text: string): string {
  return text.replace(UNSEEN, '').replace(LONE_SURROGATES, '\ufffd');
}
