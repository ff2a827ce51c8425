// A person uses a button, a menu or an external search, or opens the Home tab.
import type { PlainTextOption } from '@slack/types';
import { parseObject } from '../answers.ts';
import { isObject, type Json } from '../blocks/check.ts';
import type { ElementState, FormState, Outcome, Place } from '../control-api.ts';
import { chosen, findElement, overlay, type Found } from '../form.ts';
import { ImpossibleAction } from '../impossible.ts';
import { actionPayload, suggestionPayload, type Payload, type Used } from '../payloads.ts';
import { asMessage, validateSuggestions } from '../validate.ts';
import { wireView } from '../views.ts';
import { refuse, type World } from '../world.ts';
import { heldAt, offeredAt, offerKey, personOf, responseUrl, toldOf, usedAt } from './person.ts';

/** What a person does to one element. `value` picks an option (or a user id, a date); buttons carry their own. */
export type Click = { blockId?: string; actionId: string; value?: string; values?: FormState };
export type Search = { blockId?: string; actionId: string; query: string };
type Where<T> = { userId: string; place: Place } & T;

const STATELESS = ['button', 'workflow_button', 'icon_button', 'overflow', 'feedback_buttons'];

export async function click(world: World, { userId, place, ...clicked }: Where<Click>): Promise<Outcome> {
  const user = personOf(world, userId);
  const { used, blocks } = usedAt(world, userId, place);
  const found = findElement(blocks, clicked);
  const offered = offeredAt(world, userId, used);
  mustDispatch(found);
  const state = overlay({ blocks, held: heldAt(used), offered }, entered(found, clicked, offered(found)));
  remember(world, used, state);
  const choice = state[String(found.block['block_id'])]?.[clicked.actionId];
  const action = actionOf(found, { choice, value: clicked.value, ts: world.workspace.nextTs() });
  const viewId = used.in === 'view' ? used.open.id : null;
  const passes = {
    triggerId: world.triggers.issue({ userId, viewId }),
    responseUrl: used.in === 'message' ? addressFor(world, userId, used) : null,
  };
  const payload = actionPayload({ user, used, action }, passes, world.settings);
  return toldOf(await world.sender.send({ kind: 'interaction', payload }));
}

/** Inputs of a form tell the app nothing until it is submitted, unless the app asked. */
function mustDispatch({ block, element }: Found): void {
  if (block['type'] !== 'input' || block['dispatch_action'] === true) return;
  throw new ImpossibleAction(`${String(element['action_id'])} is an input without dispatch_action: submit the form`);
}

/** The form with the element's own new choice. */
function entered({ block, element }: Found, { value, values = {} }: Click, offered: PlainTextOption[]): FormState {
  if (value === undefined || STATELESS.includes(String(element['type']))) return values;
  const blockId = String(block['block_id']);
  const choice = chosen(element, value, offered);
  return { ...values, [blockId]: { ...values[blockId], [String(element['action_id'])]: choice } };
}

function remember(world: World, used: Used, state: FormState): void {
  if (used.in === 'message') {
    used.state = state;
    return;
  }
  used.open.state = state;
  world.workspace.touch();
}

function addressFor(world: World, userId: string, { message, channel }: Extract<Used, { in: 'message' }>): string {
  const { ts, threadTs } = message;
  return responseUrl(world, { origin: 'message', userId, channelId: channel.id, ts, threadTs });
}

type Chosen = { choice: ElementState | undefined; value: string | undefined; ts: string };

/** One entry of `actions`. */
function actionOf({ block, element }: Found, { choice, value, ts }: Chosen): Payload {
  const { type } = element;
  const base = { type, action_id: element['action_id'], block_id: block['block_id'], action_ts: ts };
  if (type === 'overflow') return { ...base, ...chosenOption(element, value) };
  if (type === 'feedback_buttons') return { ...base, ...feedback(element, value) };
  if (!STATELESS.includes(String(type))) return { ...base, ...choice };
  const { text, value: own, style, url } = element;
  const carried = { text, ...(own === undefined ? {} : { value: own }) };
  return { ...base, ...carried, ...(style === undefined ? {} : { style }), ...(url === undefined ? {} : { url }) };
}

function chosenOption(element: Json, value: string | undefined): Payload {
  const { selected_option: option } = chosen({ ...element, type: 'static_select' }, value ?? '');
  return { selected_option: option };
}

function feedback(element: Json, value: string | undefined): Payload {
  const buttons = [element['positive_button'], element['negative_button']].filter(isObject);
  const button = buttons.find((each) => each['value'] === value);
  if (button === undefined) throw new ImpossibleAction(`there is no feedback ${String(value)}`);
  return { value, text: button['text'] };
}

/** Slack asks the app from this many characters on unless the menu says otherwise. */
const DEFAULT_MIN_QUERY = 3;

/** Types into an external menu; too few characters ask nobody. */
export async function suggest(
  world: World,
  { userId, place, ...search }: Where<Search>,
): Promise<{ options: PlainTextOption[] }> {
  const user = personOf(world, userId);
  const { used, blocks } = usedAt(world, userId, place);
  const found = findElement(blocks, search);
  if (!String(found.element['type']).endsWith('external_select')) {
    throw new ImpossibleAction(`${search.actionId} does not search`);
  }
  const min = Number(found.element['min_query_length'] ?? DEFAULT_MIN_QUERY);
  if (Array.from(search.query).length < min) return { options: [] };
  const asked = {
    user,
    used,
    blockId: String(found.block['block_id']),
    actionId: search.actionId,
    query: search.query,
  };
  const answer = await world.sender.send({ kind: 'options', payload: suggestionPayload(asked, world.settings) });
  const body = answer.kind === 'answered' && toldOf(answer).ok ? answer.body : '{}';
  const options = optionsIn(world, body);
  world.views.offer(offerKey(userId, used, found), options);
  return { options };
}

/** The answer's options, groups in one row; none when it is late or wrong, as people see it. */
function optionsIn(world: World, body: string): PlainTextOption[] {
  const answer = parseObject(body) ?? {};
  const problems = validateSuggestions(answer).map(asMessage);
  if (problems.length > 0) {
    refuse(world, 'answer to a search', { error: 'invalid_options', details: problems });
    return [];
  }
  const { options = [], option_groups: groups = [] } = answer as {
    options?: PlainTextOption[];
    option_groups?: { options: PlainTextOption[] }[];
  };
  return [...options, ...groups.flatMap((group) => group.options)];
}

/** Opens the app's Home tab: the app hears of it and may publish. */
export async function openHome(world: World, userId: string): Promise<Outcome> {
  personOf(world, userId);
  const home = world.views.home(userId);
  await world.events.emit({
    type: 'app_home_opened',
    user: userId,
    channel: world.workspace.dm(userId)?.id,
    tab: 'home',
    event_ts: world.workspace.nextTs(),
    ...(home === null ? {} : { view: wireView(home, world.settings) }),
  });
  return { ok: true };
}
