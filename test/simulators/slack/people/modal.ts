// A person submits or closes the modal in front of them.
import { parseObject } from '../answers.ts';
import { isObject } from '../blocks/check.ts';
import type { FormState, Outcome, SubmitOutcome } from '../control-api.ts';
import { overlay, refusedByClient, usable } from '../form.ts';
import { ImpossibleAction } from '../impossible.ts';
import { closedPayload, submissionPayload, type Payload } from '../payloads.ts';
import { asMessage, validateView, viewTooLarge } from '../validate.ts';
import { isModal, MAX_STACK, type OpenView } from '../views.ts';
import { refuse, type World } from '../world.ts';
import type { ModalView } from '@slack/types';
import { modalOf, offeredAt, personOf, responseUrl, toldOf } from './person.ts';

type Submitted = { userId: string; viewId: string; values: FormState };

export async function submit(world: World, { userId, viewId, values }: Submitted): Promise<SubmitOutcome> {
  const user = personOf(world, userId);
  const open = modalOf(world, userId, viewId);
  if (isModal(open.view) && open.view.submit === undefined)
    throw new ImpossibleAction('this modal has no submit button');
  const { blocks } = open.view;
  const offered = offeredAt(world, userId, { in: 'view', open });
  open.state = overlay({ blocks, held: open.state, offered }, values);
  const refused = refusedByClient(blocks, open.state);
  if (Object.keys(refused).length > 0) return showErrors(world, open, refused);
  open.errors = {};
  const triggerId = world.triggers.issue({ userId, viewId });
  const submitted = { user, open, responseUrls: responseUrls(world, open) };
  const payload = submissionPayload(submitted, triggerId, world.settings);
  const answer = await world.sender.send({ kind: 'interaction', payload });
  const told = toldOf(answer);
  return told.ok && answer.kind === 'answered' ? react(world, open, answer.body) : told;
}

function showErrors(world: World, open: OpenView, errors: Record<string, string>): SubmitOutcome {
  open.errors = errors;
  world.workspace.touch();
  return { ok: true, errors };
}

/** For channel menus with `response_url_enabled`. */
function responseUrls(world: World, open: OpenView): Payload[] {
  return usable(open.view.blocks).flatMap(({ block, element }) => {
    if (element['response_url_enabled'] !== true) return [];
    const blockId = String(block['block_id']);
    const actionId = String(element['action_id']);
    const state = open.state[blockId]?.[actionId];
    const channelId = state?.selected_conversation ?? state?.selected_channel ?? null;
    if (channelId === null) return [];
    const about = { origin: 'view', userId: open.userId, channelId, ts: null, threadTs: null } as const;
    return [{ block_id: blockId, action_id: actionId, channel_id: channelId, response_url: responseUrl(world, about) }];
  });
}

/** The body of the ack: empty closes the modal, `response_action` does something else. */
function react(world: World, open: OpenView, body: string): SubmitOutcome {
  const answer = body === '' ? {} : parseObject(body);
  if (answer === null) return invalid(world, 'no JSON');
  const view = answer['view'];
  switch (answer['response_action']) {
    case undefined:
      world.views.close(open);
      break;
    case 'clear':
      world.views.clear(open.userId);
      break;
    case 'errors':
      return fieldErrors(world, open, answer['errors']);
    case 'update': {
      const problems = viewProblems(view);
      if (problems.length > 0) return invalid(world, ...problems);
      world.views.replace(open, view as ModalView);
      break;
    }
    case 'push': {
      const problems = viewProblems(view);
      if (problems.length > 0) return invalid(world, ...problems);
      if (world.views.stack(open.userId).length >= MAX_STACK) return invalid(world, 'push_limit_reached');
      world.views.open(open.userId, view as ModalView, open);
      break;
    }
    default:
      return invalid(world, `unknown response_action ${String(answer['response_action'])}`);
  }
  world.workspace.touch();
  return { ok: true };
}

/** What a person sees is "We had some trouble connecting. Try again?" */
function invalid(world: World, ...details: string[]): SubmitOutcome {
  refuse(world, 'ack of a submission', { error: 'invalid_response_action', details });
  return { ok: false, error: 'invalid_response_action' };
}

function viewProblems(view: unknown): string[] {
  if (!isObject(view) || view['type'] !== 'modal') return ['view must be a modal'];
  return viewTooLarge(view) ? ['view_too_large'] : validateView(view, '/view').map(asMessage);
}

/** Only input blocks can show an error. */
function fieldErrors(world: World, open: OpenView, errors: unknown): SubmitOutcome {
  if (!isObject(errors) || Object.keys(errors).length === 0) return invalid(world, 'errors must name a block');
  const inputs = open.view.blocks.filter(({ type }) => type === 'input').map((block) => block.block_id);
  const wrong = Object.entries(errors).filter(
    ([blockId, text]) => !inputs.includes(blockId) || typeof text !== 'string' || text === '',
  );
  if (wrong.length > 0) return invalid(world, `errors for ${wrong.map(([blockId]) => blockId).join(', ')}`);
  return showErrors(world, open, errors as Record<string, string>);
}

/** Closes the top modal, or the whole stack where the view says `clear_on_close`. */
export async function closeModal(world: World, userId: string, viewId: string): Promise<Outcome> {
  const user = personOf(world, userId);
  const open = modalOf(world, userId, viewId);
  const clears = isModal(open.view) && open.view.clear_on_close === true;
  const closed = clears ? world.views.stack(userId).toReversed() : [open];
  for (const each of closed) world.views.close(each);
  world.workspace.touch();
  for (const each of closed) {
    if (!isModal(each.view) || each.view.notify_on_close !== true) continue;
    const payload = closedPayload({ user, open: each, cleared: clears }, world.settings);
    await world.sender.send({ kind: 'interaction', payload });
  }
  return { ok: true };
}
