// views.* and blocks.validate.
import type { HomeView, ModalView } from '@slack/types';
import { isObject } from '../blocks/check.ts';
import type { TriggerFor } from '../tickets.ts';
import { asMessage, validateBlocks, validateMessage, validateView, viewTooLarge, type Problem } from '../validate.ts';
import { isModal, MAX_STACK, wireView, type OpenView } from '../views.ts';
import type { World } from '../world.ts';
import { ApiError, optional, refuseArguments, required, type Args, type Method, type Result } from './method.ts';

const openModal: Method = {
  run(args, world) {
    const view = modalOf(args, world);
    const trigger = triggerOf(args, world);
    const from = trigger.viewId === null ? null : world.views.byId(trigger.viewId);
    // From inside a modal the new one goes on top of it; from elsewhere it takes the place of any other.
    return stacked(view, { world, args, trigger, over: from !== null && isModal(from.view) ? from : null });
  },
};

const pushModal: Method = {
  run(args, world) {
    const view = modalOf(args, world);
    const trigger = triggerOf(args, world);
    const over = trigger.viewId === null ? null : world.views.byId(trigger.viewId);
    if (over === null || !isModal(over.view)) throw new ApiError('invalid_trigger_id');
    return stacked(view, { world, args, trigger, over });
  },
};

type Opening = { world: World; args: Args; trigger: TriggerFor; over: OpenView | null };

function stacked(view: ModalView, { world, args, trigger, over }: Opening): Result {
  if (over !== null && world.views.stack(trigger.userId).length >= MAX_STACK) throw new ApiError('push_limit_reached');
  world.triggers.use(optional(args, 'trigger_id'));
  const opened = world.views.open(trigger.userId, view, over);
  return shown(opened, world);
}

function shown(open: OpenView, world: World): Result {
  world.workspace.touch();
  return { view: wireView(open, world.settings) };
}

function triggerOf(args: Args, world: World): TriggerFor {
  const trigger = world.triggers.check(required(args, 'trigger_id'));
  if (typeof trigger === 'string') throw new ApiError(trigger);
  return trigger;
}

const update: Method = {
  run(args, world) {
    const view = modalOf(args, world, { replacing: target(args, world)?.id });
    const open = target(args, world);
    if (open === null || !isModal(open.view)) throw new ApiError('not_found');
    mustBeUnchanged(open, args);
    world.views.replace(open, view);
    return shown(open, world);
  },
};

function target(args: Args, world: World): OpenView | null {
  const id = optional(args, 'view_id');
  const externalId = optional(args, 'external_id');
  if (id === '' && externalId === '') throw refuseArguments('missing required field: view_id or external_id');
  return id === '' ? world.views.byExternalId(externalId) : world.views.byId(id);
}

function mustBeUnchanged(open: OpenView, args: Args): void {
  const hash = optional(args, 'hash');
  if (hash !== '' && hash !== open.hash) throw new ApiError('hash_conflict');
}

const publish: Method = {
  run(args, world) {
    const userId = required(args, 'user_id');
    const view = checkedView(args);
    if (isModal(view)) throw refuseArguments('must be a home view [json-pointer:/view/type]');
    if (!world.settings.homeTab) throw new ApiError('not_enabled');
    const user = world.workspace.users.get(userId);
    if (user === undefined || user.isBot) throw new ApiError('user_not_found');
    const before = world.views.home(userId);
    if (before !== null) mustBeUnchanged(before, args);
    return shown(world.views.publish(userId, view), world);
  },
};

function modalOf(args: Args, world: World, options: { replacing?: string | undefined } = {}): ModalView {
  const view = checkedView(args);
  if (!isModal(view)) throw refuseArguments('must be a modal view [json-pointer:/view/type]');
  const same = view.external_id === undefined ? null : world.views.byExternalId(view.external_id);
  if (same !== null && same.id !== options.replacing) throw new ApiError('duplicate_external_id');
  return view;
}

function checkedView(args: Args): ModalView | HomeView {
  const view = args['view'];
  if (!isObject(view)) throw refuseArguments('missing required field: view');
  if (viewTooLarge(view)) throw new ApiError('view_too_large');
  const messages = validateView(view, '/view').map(asMessage);
  if (messages.length > 0) throw new ApiError('invalid_arguments', { response_metadata: { messages } });
  return view as unknown as ModalView | HomeView;
}

const VALIDATORS: Record<string, { error: string; check: (value: unknown) => Problem[] }> = {
  blocks: { error: 'invalid_blocks', check: (value) => validateBlocks(value) },
  message: { error: 'invalid_message', check: (value) => validateMessage(value) },
  view: { error: 'invalid_view', check: (value) => validateView(value) },
};

const validate: Method = {
  token: 'none',
  run(args) {
    const given = Object.keys(VALIDATORS).filter((name) => args[name] !== undefined);
    const [name] = given;
    const validator = VALIDATORS[name ?? ''];
    if (name === undefined || validator === undefined || given.length !== 1) {
      throw refuseArguments('must provide exactly one of `blocks`, `view`, or `message`');
    }
    const errors = validator.check(args[name]);
    if (errors.length > 0) throw new ApiError(validator.error, { errors });
    return {};
  },
};

export const views: Record<string, Method> = {
  'views.open': openModal,
  'views.push': pushModal,
  'views.update': update,
  'views.publish': publish,
  'blocks.validate': validate,
};
