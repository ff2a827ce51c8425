// Slack's mrkdwn → a tree of marks. Pure; the drawing is in text.js.
import { emojiFor } from './emoji.js';

/**
 * @typedef {{ type: 'text', text: string }
 *   | { type: 'break' }
 *   | { type: 'bold' | 'italic' | 'strike' | 'code' | 'pre' | 'quote', children: Mark[] }
 *   | { type: 'link', url: string, label: string }
 *   | { type: 'user' | 'channel' | 'usergroup', id: string, label: string }
 *   | { type: 'broadcast', range: string }
 *   | { type: 'date', epoch: number, format: string, link: string, fallback: string }
 *   | { type: 'emoji', name: string, char: string }} Mark
 */

/** @type {Record<string, 'bold' | 'italic' | 'strike'>} */
const STYLES = { '*': 'bold', _: 'italic', '~': 'strike' };
const WORD = /[\p{L}\p{N}]/u;

/** @param {string} text @returns {Mark[]} */
export function parseMrkdwn(text) {
  /** @type {Mark[]} */
  const marks = [];
  let from = 0;
  for (const fence of text.matchAll(/```([\s\S]+?)```/g)) {
    // The line breaks around a code block belong to the block.
    marks.push(...parseLines(text.slice(from, fence.index).replace(/\n$/, '')));
    marks.push({ type: 'pre', children: parseVerbatim((fence[1] ?? '').replace(/^\n/, '').replace(/\n$/, '')) });
    from = fence.index + fence[0].length;
    if (text[from] === '\n') from += 1;
  }
  return [...marks, ...parseLines(text.slice(from))];
}

/** @param {string} text @returns {Mark[]} */
function parseLines(text) {
  if (text === '') return [];
  /** @type {Mark[]} */
  const marks = [];
  const lines = text.split('\n');
  /** @type {Mark | undefined} */
  let last;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const all = /^(?:>>>|&gt;&gt;&gt;)\s?/.exec(line);
    if (all)
      return [
        ...marks,
        { type: 'quote', children: parsePlainLines([line.slice(all[0].length), ...lines.slice(at + 1)]) },
      ];
    const one = /^(?:>|&gt;)\s?/.exec(line);
    if (!one) {
      if (last && last.type !== 'quote') marks.push({ type: 'break' });
      marks.push(...parseInline(line), ...(line === '' ? [{ type: /** @type {const} */ ('text'), text: '' }] : []));
      last = { type: 'text', text: '' };
      continue;
    }
    const children = parseInline(line.slice(one[0].length));
    if (last?.type === 'quote') last.children.push({ type: 'break' }, ...children);
    else marks.push((last = { type: 'quote', children }));
  }
  return marks;
}

/** @param {string[]} lines @returns {Mark[]} */
function parsePlainLines(lines) {
  return lines.flatMap((line, at) => [
    ...(at > 0 ? [{ type: /** @type {const} */ ('break') }] : []),
    ...parseInline(line),
  ]);
}

/** One line. @param {string} line @returns {Mark[]} */
function parseInline(line) {
  /** @type {Mark[]} */
  const marks = [];
  for (let at = 0; at < line.length;) {
    const found = markAt(line, at);
    if (found) marks.push(found.mark);
    else addText(marks, line[at] ?? '');
    at = found ? found.end : at + 1;
  }
  return unescapeTexts(marks);
}

/** Code: links and dates still work there, styles do not. @param {string} text @returns {Mark[]} */
function parseVerbatim(text) {
  /** @type {Mark[]} */
  const marks = [];
  for (let at = 0; at < text.length;) {
    const found = text[at] === '<' ? angleAt(text, at) : null;
    if (found) marks.push(found.mark);
    else addText(marks, text[at] ?? '');
    at = found ? found.end : at + 1;
  }
  return unescapeTexts(marks);
}

/** @param {string} line @param {number} at @returns {{ mark: Mark, end: number } | null} */
function markAt(line, at) {
  const char = line[at] ?? '';
  if (char === '<') return angleAt(line, at);
  if (char === '`') return codeAt(line, at);
  if (char === ':') return emojiAt(line, at);
  return char in STYLES ? styleAt(line, at) : null;
}

/** @param {string} line @param {number} at @returns {{ mark: Mark, end: number } | null} */
function codeAt(line, at) {
  const end = line.indexOf('`', at + 1);
  if (end <= at + 1) return null;
  return { mark: { type: 'code', children: parseVerbatim(line.slice(at + 1, end)) }, end: end + 1 };
}

/** @param {string} line @param {number} at @returns {{ mark: Mark, end: number } | null} */
function emojiAt(line, at) {
  const code = /^:([a-z0-9_+'-]+):/.exec(line.slice(at, at + 60));
  const char = code?.[1] ? emojiFor(code[1]) : null;
  return code?.[1] && char ? { mark: { type: 'emoji', name: code[1], char }, end: at + code[0].length } : null;
}

/** `*bold*` counts only at word borders and around something that is not a space. @param {string} line @param {number} at */
function styleAt(line, at) {
  const char = line[at] ?? '';
  const type = STYLES[char];
  const next = line[at + 1] ?? ' ';
  if (!type || WORD.test(line[at - 1] ?? ' ') || /\s/.test(next) || next === char) return null;
  const end = closing(line, at, char);
  return end === -1
    ? null
    : { mark: /** @type {Mark} */ ({ type, children: parseInline(line.slice(at + 1, end)) }), end: end + 1 };
}

/** Where the style begun at `open` ends, stepping over code and angle brackets. @param {string} line @param {number} open @param {string} char */
function closing(line, open, char) {
  for (let at = open + 1; at < line.length; at += 1) {
    const inner = line[at] === '`' ? codeAt(line, at) : line[at] === '<' ? angleAt(line, at) : null;
    if (inner) at = inner.end - 1;
    else if (line[at] === char && !/\s/.test(line[at - 1] ?? ' ') && !WORD.test(line[at + 1] ?? ' ') && at > open + 1)
      return at;
  }
  return -1;
}

/** @param {string} text @param {number} at @returns {{ mark: Mark, end: number } | null} */
function angleAt(text, at) {
  const end = text.indexOf('>', at);
  if (end === -1) return null;
  const mark = angle(text.slice(at + 1, end));
  return mark && { mark, end: end + 1 };
}

/** @param {string} inside @returns {Mark | null} */
function angle(inside) {
  const bar = inside.indexOf('|');
  const target = bar === -1 ? inside : inside.slice(0, bar);
  const label = bar === -1 ? '' : unescape(inside.slice(bar + 1));
  if (/^@[UWB][A-Z0-9]*$/.test(target)) return { type: 'user', id: target.slice(1), label };
  if (/^#[CGD][A-Z0-9]*$/.test(target)) return { type: 'channel', id: target.slice(1), label };
  if (/^!subteam\^/.test(target)) return { type: 'usergroup', id: target.slice(9), label };
  if (/^!date\^/.test(target)) return date(target, label);
  if (/^!(here|channel|everyone)$/.test(target)) return { type: 'broadcast', range: target.slice(1) };
  if (/^[a-z][a-z0-9+.-]*:\S+$/i.test(target))
    return { type: 'link', url: unescape(target), label: label || unescape(target).replace(/^mailto:/, '') };
  return null;
}

/** @param {string} target @param {string} fallback @returns {Mark} */
function date(target, fallback) {
  const [, epoch = '', format = '', link = ''] = target.split('^');
  return {
    type: 'date',
    epoch: /^\d{1,11}$/.test(epoch) ? Number(epoch) : Number.NaN,
    format: unescape(format),
    link: unescape(link),
    fallback,
  };
}

/** @param {Mark[]} marks @param {string} char */
function addText(marks, char) {
  const last = marks.at(-1);
  if (last?.type === 'text') last.text += char;
  else marks.push({ type: 'text', text: char });
}

/** @param {Mark[]} marks @returns {Mark[]} */
function unescapeTexts(marks) {
  return marks.map((mark) => (mark.type === 'text' ? { type: 'text', text: unescape(mark.text) } : mark));
}

/** Slack knows exactly these three; undone in one pass so that `&amp;lt;` stays `&lt;`. @param {string} text */
function unescape(text) {
  return text.replaceAll(
    /&(amp|lt|gt);/g,
    (_, name) => ({ amp: '&', lt: '<', gt: '>' })[/** @type {'amp' | 'lt' | 'gt'} */ (name)],
  );
}
