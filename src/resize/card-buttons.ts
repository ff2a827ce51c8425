// The buttons on the card, by state, with Slack's own question before what cannot be undone.
import type { ActionsBlock } from '@slack/types';
import { actions, button, type ButtonParts } from '../slack/blocks.ts';
import { truncate } from '../slack/limits.ts';
import { safeName } from '../slack/text.ts';
import { canChoose } from './decide.ts';
import { capacity, shrinks } from './plan.ts';
import { isBeforeRun, isFinal, type ResizeRequest } from './request.ts';

const NAME_SHOWN = 100;

/** What can be done now; null when nothing can. A button carries the request's id and nothing else. */
export function buttons(request: ResizeRequest): ActionsBlock | null {
  const offered = buttonsFor(request).map((parts) => button({ ...parts, value: request.id }));
  return offered.length > 0 ? actions(offered, 'resize:buttons') : null;
}

function buttonsFor(request: ResizeRequest): ButtonParts[] {
  const name = shortName(request);
  const cancel: ButtonParts = { text: 'Cancel', actionId: 'resize:cancel', label: `Cancel the resize of ${name}` };
  if (request.state === 'awaiting_approval') return [approveButton(request), denyButton(name), cancel];
  if (!isFinal(request.state) && isBeforeRun(request)) return [cancel];
  if (canReverse(request)) return [reverseButton(request)];
  return canChoose(request) ? [confirmButton(request), revertButton(request)] : [];
}

/** Without a step to confirm there is nothing to revert: the way back is a resize of its own, and is called so. */
function canReverse({ state, plan }: ResizeRequest): boolean {
  return state === 'succeeded' && plan.backend === 'native' && plan.wayBack === 'possible';
}

function reverseButton(request: ResizeRequest): ButtonParts {
  const { from, to } = request.plan;
  const name = shortName(request);
  const [back, here] = [from.name, to.name].map((flavor) => truncate(safeName(flavor), NAME_SHOWN));
  return {
    text: 'Reverse resize',
    actionId: 'resize:reverse',
    label: `Ask to resize ${name} back to ${back}`,
    confirm: {
      title: 'Ask for the reverse resize?',
      text: `A new request to resize ${name} from ${here} back to ${back}: somebody approves it, and the server stops for it again. What was written stays.`,
      confirm: 'Ask',
    },
  };
}

function approveButton(request: ResizeRequest): ButtonParts {
  const { plan } = request;
  const name = shortName(request);
  const parts: ButtonParts = {
    text: 'Approve',
    actionId: 'resize:approve',
    style: 'primary',
    label: `Approve the resize of ${name}`,
  };
  if (!shrinks(plan)) return parts;
  const text = `${name} goes from ${capacity(plan.from)} down to ${capacity(plan.to)}: its performance drops.`;
  return { ...parts, confirm: { title: 'Approve a smaller flavor?', text, confirm: 'Approve', style: 'danger' } };
}

function denyButton(name: string): ButtonParts {
  return { text: 'Deny', actionId: 'resize:deny', style: 'danger', label: `Deny the resize of ${name}` };
}

function confirmButton(request: ResizeRequest): ButtonParts {
  const label = `Confirm the resize of ${shortName(request)}`;
  return { text: 'Confirm', actionId: 'resize:confirm', style: 'primary', label };
}

function revertButton(request: ResizeRequest): ButtonParts {
  const name = shortName(request);
  return {
    text: 'Revert',
    actionId: 'resize:revert',
    style: 'danger',
    label: `Revert the resize of ${name}`,
    confirm: {
      title: 'Revert the resize?',
      text: `Data written on ${name} since the resize is lost. It goes back to flavor ${truncate(safeName(request.plan.from.name), NAME_SHOWN)}.`,
      confirm: 'Revert',
      style: 'danger',
    },
  };
}

/** For plain text, where the rest of the sentence must not be pushed out of the limit. */
export function shortName({ plan }: ResizeRequest): string {
  return truncate(safeName(plan.server.name), NAME_SHOWN);
}
