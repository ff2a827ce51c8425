// Names made of what breaks escaping, cutting and layout, mixed with harmless letters.
import * as fc from 'fast-check';

const HARMLESS = ['a', 'Z', '7', ' ', '-', '_', '.', 'é', '名', 'ש', 'خ', '👩', '👩\u200d💻', '🏳️\u200d🌈'];
const MARKUP = ['&', '<', '>', ';', 'amp;', '&lt', '<!channel>', '<@U1>', '<https://x|y>', '|', '^', '*', '`', '"'];
const UNSEEN = ['\n', '\t', '\u0000', '\u0007', '\u202e', '\u2066', '\u2069', '\u2028', '\u200b', '\ufeff', '\ud800'];

export function nastyName(maxLength = 60): fc.Arbitrary<string> {
  const piece = fc.constantFrom(...HARMLESS, ...MARKUP, ...UNSEEN);
  return fc.array(piece, { maxLength }).map((pieces) => pieces.join(''));
}
