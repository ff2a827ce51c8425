// Slack's length and count limits, as data. Lengths are Unicode code points after escaping.
// Sources: docs.slack.dev/reference/block-kit and /reference/methods; where sources differ, the smaller value is ours.

export const LIMITS = {
  /** docs.slack.dev/reference/block-kit/blocks */
  messageBlocks: 50,
  viewBlocks: 100,
  /** Undocumented: `msg_blocks_too_long` begins near 13,200 characters (slackapi/bolt-js issue 2509). */
  messageBlocksTotal: 13_000,
  blockId: 255,
  actionId: 255,
  callbackId: 255,
  /** blocks/section-block */
  sectionText: 3000,
  sectionFields: 10,
  sectionField: 2000,
  /** blocks/header-block */
  headerText: 150,
  /** blocks/context-block */
  contextElements: 10,
  contextText: 3000,
  /** blocks/actions-block */
  actionsElements: 25,
  /** blocks/input-block */
  inputLabel: 2000,
  inputHint: 2000,
  /** block-elements/button-element */
  buttonText: 75,
  buttonValue: 2000,
  buttonUrl: 3000,
  accessibilityLabel: 75,
  /** composition-objects/confirmation-dialog-object */
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  /** composition-objects/option-object; the value limit is 150 or 75, depending on the source */
  optionText: 75,
  optionValue: 75,
  optionDescription: 75,
  selectOptions: 100,
  overflowOptions: 5,
  radioOptions: 10,
  placeholder: 150,
  /** block-elements/plain-text-input-element */
  inputText: 3000,
  /** surfaces/views */
  viewTitle: 24,
  viewButton: 24,
  privateMetadata: 3000,
  viewBytes: 250_000,
  /** methods/chat.update: `msg_too_long` above this; chat.postMessage would take 40,000 */
  messageText: 4000,
} as const;

const MARK = '…';
/** What a cut may leave behind of `&amp;` or of `<@U1>`, `<!date^…>`, `<https://…|text>`. */
const HALF_ENTITY = /&[a-z]{0,3}$/;
const HALF_TOKEN = /<(?:[@#!]|https?:|mailto:)[^<>]*$/;

/**
 * At most `max` code points, the last one `…` when something was cut. Give it text that is already escaped:
 * an entity or a `<…>` token is dropped whole rather than cut in half.
 */
export function truncate(text: string, max: number): string {
  // A string never has more code points than UTF-16 units: most texts end here.
  if (text.length <= max) return text;
  const points = Array.from(text);
  if (points.length <= max) return text;
  const kept = points.slice(0, max - MARK.length).join('');
  return kept.replace(HALF_ENTITY, '').replace(HALF_TOKEN, '') + MARK;
}

/** The same for plain text, which is not escaped, but counted as if it were: `&` is five characters, `<` and `>` four. */
export function truncatePlain(text: string, max: number): string {
  const points = Array.from(text);
  if (weigh(points) <= max) return text;
  let room = max - MARK.length;
  const kept = points.findIndex((point) => (room -= weigh([point])) < 0);
  return points.slice(0, kept).join('') + MARK;
}

const ENTITY_LENGTH: Record<string, number> = { '&': 5, '<': 4, '>': 4 };

function weigh(points: string[]): number {
  return points.reduce((sum, point) => sum + (ENTITY_LENGTH[point] ?? 1), 0);
}
