// What people should see of an errand now, rendered from its record alone.
import type { ActionsBlockElement, KnownBlock } from '@slack/types';
import { unreachable } from '../errors.ts';
import { slackVoice as voice } from '../resize/voice.ts';
import { actions, button, context, header, section } from '../slack/blocks.ts';
import { LIMITS, truncate } from '../slack/limits.ts';
import type { Outgoing } from '../slack/reply.ts';
import { code, lineCode, safeName } from '../slack/text.ts';
import { awaySentence } from '../workflow/way-in.ts';
import { offers } from './decide.ts';
import { type Errand, type ErrandState, type Made, madeBy, type Note, objectOf, type Step } from './errand.ts';
import { lower, placeOf, verbOf } from './words.ts';

/** Beside the word, never instead of it. */
const HEADS: Record<ErrandState, string> = {
  running: '⏳ Under way',
  needs_login: '🔑 Waiting for sign-in',
  done: '✅ Done',
  undone: '↩️ Undone',
  removed: '🧹 Cleared away',
  failed: '❌ Failed',
};

const NAME_SHOWN = 60;
const SAID_SHOWN = 700;
/** Steps of a flow, its undoing and several tries at clearing away. */
const STEPS_SHOWN = 14;

export type CardOptions = {
  /** The slash command of this deployment, e.g. `/ecs`. */
  slash: string;
};

/** Pure. Put again, they edit what is there. */
export function cards(errand: Errand, options: CardOptions): Outgoing[] {
  const { id, person, channelId, alsoDirect } = errand;
  const shared = { teamId: person.teamId, ...card(errand, options) };
  return [
    ...(channelId === null ? [] : [{ ...shared, key: `errand:${id}:card`, to: { channelId } }]),
    ...(channelId === null || alsoDirect
      ? [{ ...shared, key: `errand:${id}:direct`, to: { userId: person.userId } }]
      : []),
  ];
}

function card(errand: Errand, { slash }: CardOptions): Required<Pick<Outgoing, 'text' | 'blocks'>> {
  const blocks: (KnownBlock | null)[] = [
    header(`${HEADS[errand.state]} · ${truncate(safeName(errand.title), 110)}`),
    section(progress(errand)),
    errand.held || errand.note ? context(waiting(errand, slash)) : null,
    leftoverBlock(errand),
    context(footer(errand, slash)),
    buttons(errand),
  ];
  return { text: summary(errand), blocks: blocks.filter((block) => block !== null) };
}

/** The whole card in one line, for notifications and screen readers. */
export function summary(errand: Errand): string {
  const last = errand.steps.findLast(({ state }) => state === 'done' || state === 'failed');
  const news = last ? ` ${stepLine(errand, last)}` : '';
  const text = `${HEADS[errand.state]}: ${voice.text(errand.title)}, asked for by ${voice.person(errand.person)} (${errand.id}).${news}`;
  return truncate(text, LIMITS.messageText);
}

function progress(errand: Errand): string {
  const shown = errand.steps.slice(-STEPS_SHOWN);
  const left = errand.steps.length - shown.length;
  return [...(left > 0 ? [`… ${left} earlier`] : []), ...shown.map((step) => stepLine(errand, step))].join('\n');
}

const MARKS: Record<Step['state'], string> = { waiting: '⬜', running: '⏳', done: '✅', failed: '❌', dropped: '➖' };

function stepLine(errand: Errand, step: Step): string {
  const { task, state, detail, word, startedAt, endedAt, said } = step;
  const verb = verbOf(task);
  const what = `${short(objectOf(errand, task))}${placeOf(task, short)}`;
  const by = step.phase === 'do' ? '' : ` by ${voice.person(step.by)}`;
  switch (state) {
    case 'waiting':
      return `${MARKS[state]} ${verb.todo} ${what}`;
    case 'running': {
      const since = startedAt === null ? '' : ` since ${voice.time(startedAt)}`;
      return `${MARKS[state]} ${verb.doing} ${what}${word === null ? '' : ` (${short(word)})`}${by}${since}`;
    }
    case 'done':
      return `${MARKS[state]} ${verb.done} ${what}${asWords(detail, what)}${doubt(step)}${by}${ended(endedAt)}`;
    case 'failed':
      return `${MARKS[state]} ${verb.todo} ${what}${by}: ${voice.text(truncate(said ?? 'it did not work.', SAID_SHOWN))}`;
    case 'dropped':
      return `${MARKS[state]} ${verb.todo} ${what}: not tried`;
    default:
      return unreachable(state);
  }
}

/** What the cloud made of it, unless that is what was asked for. */
function asWords(detail: string | null, what: string): string {
  return detail === null || what.endsWith(`(${detail})`) ? '' : ` as ${short(detail)}`;
}

function doubt({ byName }: Step): string {
  return byName ? ' (the answer was lost: known by its name alone)' : '';
}

function ended(at: number | null): string {
  return at === null ? '' : `, ${voice.time(at)}`;
}

function short(name: string): string {
  return code(truncate(safeName(name), NAME_SHOWN));
}

function waiting(errand: Errand, slash: string): string {
  if (errand.held) {
    return `🔑 ${voice.person(errand.held)}: sign in with \`${slash} login\`, with access to project ${place(errand)}; it goes on by itself after that.`;
  }
  return errand.note ? `🕒 ${noteText(errand.note)}` : '';
}

/** As mrkdwn. Whoever works in another region by now cannot go on with it either. */
export function place({ project, region }: Errand): string {
  return `${short(project.name)}${region === null ? '' : ` in region ${short(region)}`}`;
}

function noteText(note: Note): string {
  const since = `since ${voice.time(note.since)}`;
  switch (note.kind) {
    case 'busy':
      return `Something else is being done there (${short(note.word)}), ${since}. It goes on after that.`;
    case 'cloud_away':
      return awaySentence(voice.time(note.since), note.away);
    case 'uncertain':
      return `It is uncertain whether the cloud took the last call: looking, ${since}, before it is repeated.`;
    default:
      return unreachable(note);
  }
}

function uncertain(made: Made[]): string {
  const guessed = made.filter(({ byName }) => byName).map(({ thing, id, name }) => `${thing} ${safeName(name) || id}`);
  if (guessed.length === 0) return '';
  return `Look first whether ${guessed.join(' and ')} is the right one: I know it by its name alone.`;
}

/** Nothing half-done without being named. */
function leftoverBlock(errand: Errand): KnownBlock | null {
  const { remove } = offers(errand);
  if (remove.length === 0) return null;
  return section(`What it created is still there: ${remove.map(madeWords).join(', ')}.`);
}

function madeWords({ thing, id, name }: Made): string {
  return `${thing} ${short(name || id)}`;
}

function footer(errand: Errand, slash: string): string {
  const { undo } = offers(errand);
  const until = undo && errand.undoUntil !== null ? ` · Undo until ${voice.time(errand.undoUntil)}` : '';
  const asked = `${voice.person(errand.person)}, ${voice.time(errand.createdAt)}, project ${short(errand.project.name)}`;
  return `${errand.id} · asked for by ${asked}${until}\nAgain: ${lineCode(`${slash} ${errand.repeat}`)}`;
}

function buttons(errand: Errand): KnownBlock | null {
  const { undo, remove } = offers(errand);
  const elements: ActionsBlockElement[] = [
    ...(undo ? [undoButton(errand)] : []),
    ...(remove.length > 0 ? [removeButton(errand, remove)] : []),
  ];
  return elements.length === 0 ? null : actions(elements, 'errand:buttons');
}

function undoButton(errand: Errand): ActionsBlockElement {
  const title = truncate(safeName(errand.title), 100);
  const steps = errand.undo.map((task) => lower(verbOf(task).todo)).join(', ');
  return button({
    text: 'Undo',
    label: `Undo: ${title}`,
    actionId: 'errand:undo',
    value: errand.id,
    style: 'danger',
    confirm: {
      title: 'Undo this?',
      text: truncate(`“${title}” is taken back: ${steps}. ${undoWarning(errand)}`, 290),
      confirm: 'Undo',
      style: 'danger',
    },
  });
}

/** What is lost by it. */
function undoWarning(errand: Errand): string {
  const kinds = new Set(errand.undo.map(({ kind }) => kind));
  if (kinds.has('detach_disk')) return 'Unmount it inside the server first: what is not written to it yet is lost.';
  if (kinds.has('detach_port')) return 'Whoever is connected through it is cut off.';
  return `It is deleted for good, with everything on it. ${uncertain(madeBy(errand))}`.trim();
}

function removeButton(errand: Errand, made: Made[]): ActionsBlockElement {
  const names = made.map(({ thing, id, name }) => `${thing} ${safeName(name) || id}`).join(', ');
  return button({
    text: 'Remove',
    label: `Remove what was created: ${truncate(names, 50)}`,
    actionId: 'errand:remove',
    value: errand.id,
    style: 'danger',
    confirm: {
      title: 'Remove what was created?',
      text: truncate(`Deleted for good, with everything on it: ${names}. ${uncertain(made)}`.trim(), 290),
      confirm: 'Remove',
      style: 'danger',
    },
  });
}
