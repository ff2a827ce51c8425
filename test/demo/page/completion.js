// What the composer offers while a slash command is being typed. Pure.

/** @typedef {{ command: string, description: string, usageHint: string }} Command */
/** @typedef {{ label: string, detail: string, hint: string, fill: string }} Offer fill: the whole text after choosing */

const AT_MOST = 16;

/** Offers for the text before the caret; none when it is not a command. @param {string} text @param {Command[]} commands @returns {Offer[]} */
export function offersFor(text, commands) {
  if (!text.startsWith('/') || text.includes('\n')) return [];
  const space = text.indexOf(' ');
  if (space === -1) return commandOffers(text, commands);
  const command = commands.find((one) => one.command === text.slice(0, space));
  return command ? wordOffers(text.slice(space + 1), command) : [];
}

/** @param {string} text @param {Command[]} commands @returns {Offer[]} */
function commandOffers(text, commands) {
  return commands
    .filter((one) => one.command.startsWith(text.toLowerCase()))
    .slice(0, AT_MOST)
    .map((one) => ({ label: one.command, detail: one.description, hint: one.usageHint, fill: `${one.command} ` }));
}

/** @param {string} typed @param {Command} command @returns {Offer[]} */
function wordOffers(typed, command) {
  if (typed.trimStart().includes(' ')) return [];
  const words = alternatives(command.usageHint);
  const start = typed.trimStart().toLowerCase();
  // A word typed in full is sent with Enter, not completed once more.
  if (words.some((one) => one.word === start)) return [];
  return words
    .filter((one) => one.word.startsWith(start))
    .slice(0, AT_MOST)
    .map((one) => ({
      label: `${command.command} ${one.word}`,
      detail: '',
      hint: one.rest,
      fill: `${command.command} ${one.word} `,
    }));
}

/**
 * The first word of each alternative of a usage hint: `list | show <server> | resize …` → list, show, resize. A hint
 * without bars is a list of words.
 * @param {string} hint @returns {{ word: string, rest: string }[]}
 */
export function alternatives(hint) {
  const inner = /^\[[^[\]]*\]$/.test(hint) ? hint.slice(1, -1) : hint;
  const parts = /[|,·;]/.test(inner) ? inner.split(/[|,·;]/) : inner.split(/\s+/);
  /** @type {Map<string, string>} */
  const words = new Map();
  for (const part of parts) {
    const [word = '', ...rest] = part.trim().split(/\s+/);
    if (/^[a-z][a-z0-9-]*$/.test(word) && !words.has(word)) words.set(word, rest.join(' '));
  }
  return [...words].map(([word, rest]) => ({ word, rest }));
}
