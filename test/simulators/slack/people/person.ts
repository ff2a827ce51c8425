// Looking at the workspace through one person's eyes, and the passes their doings give the app.
import type { PlainTextOption } from '@slack/types';
import type { FormState, Outcome, PersonView, Place } from '../control-api.ts';
import { initialState, type Found } from '../form.ts';
import { ImpossibleAction } from '../impossible.ts';
import type { ChannelSeed, UserSeed } from '../options.ts';
import type { Used } from '../payloads.ts';
import type { Answer } from '../sender.ts';
import type { ResponseFor } from '../tickets.ts';
import { asSimView, isModal, type OpenView } from '../views.ts';
import { asSimMessage, asSimUser } from '../workspace.ts';
import type { World } from '../world.ts';

/** @throws ImpossibleAction for somebody who is not there. */
export function personOf(world: World, userId: string): UserSeed {
  const user = world.workspace.users.get(userId);
  if (user === undefined || user.deleted === true || user.isBot) {
    throw new ImpossibleAction(`${userId} is no person of this workspace`);
  }
  return user;
}

/** @throws ImpossibleAction for a channel the person is not in. */
export function channelOf(world: World, userId: string, channelId: string): ChannelSeed {
  const channel = world.workspace.channels.get(channelId);
  if (channel === undefined || !channel.members.includes(userId)) {
    throw new ImpossibleAction(`${userId} is not in a channel ${channelId}`);
  }
  return channel;
}

/** What is at a place, with the blocks to use. */
export function usedAt(world: World, userId: string, place: Place): { used: Used; blocks: readonly unknown[] } {
  if ('channel' in place) return messageAt(world, userId, place);
  const open = 'home' in place ? world.views.home(userId) : modalOf(world, userId, place.viewId);
  if (open === null) throw new ImpossibleAction(`${userId} has no Home tab yet`);
  return { used: { in: 'view', open }, blocks: open.view.blocks };
}

function messageAt(world: World, userId: string, place: { channel: string; ts: string }) {
  const channel = channelOf(world, userId, place.channel);
  const message = world.workspace.visibleTo(userId, channel.id).find(({ ts }) => ts === place.ts);
  if (message === undefined) throw new ImpossibleAction(`${userId} sees no message ${place.ts} in ${channel.id}`);
  const used: Used = { in: 'message', message, channel, state: initialState(message.blocks) };
  return { used, blocks: message.blocks };
}

/**
 * A modal can only be used while it is on top.
 *
 * @throws ImpossibleAction
 */
export function modalOf(world: World, userId: string, viewId: string): OpenView {
  const top = world.views.top(userId);
  if (top?.id === viewId) return top;
  throw new ImpossibleAction(`${userId} does not have the modal ${viewId} in front of them`);
}

/** Names an element of a place, for the options an external menu has offered there. */
export function offerKey(userId: string, used: Used, { block, element }: Found): string {
  const place = used.in === 'view' ? used.open.id : `${used.channel.id}/${used.message.ts}`;
  return [userId, place, block['block_id'], element['action_id']].join('|');
}

export function offeredAt(world: World, userId: string, used: Used): (found: Found) => PlainTextOption[] {
  return (found) => world.views.offered(offerKey(userId, used, found));
}

export function heldAt(used: Used): FormState {
  return used.in === 'view' ? used.open.state : used.state;
}

export function responseUrl(world: World, about: ResponseFor): string {
  return `${world.url}/response/${world.responseUrls.issue(about)}`;
}

/** What the person is told when the app did not take it. */
export function toldOf(answer: Answer): Outcome {
  if (answer.kind === 'timeout') return { ok: false, error: 'operation_timeout' };
  if (answer.kind === 'unreachable') return { ok: false, error: 'dispatch_failed' };
  return answer.status >= 200 && answer.status < 300 ? { ok: true } : { ok: false, error: 'dispatch_failed' };
}

/** The whole screen of a person. */
export function screenOf(world: World, userId: string): PersonView {
  const { workspace, views, settings } = world;
  const me = personOf(world, userId);
  const channels = workspace.channelsOf(userId);
  const home = views.home(userId)?.view;
  return {
    version: workspace.version,
    now: settings.now(),
    team: { id: settings.team.id, name: settings.team.name },
    me: asSimUser(me),
    users: [...workspace.users.values()].map(asSimUser),
    channels,
    messages: Object.fromEntries(channels.map(({ id }) => [id, workspace.visibleTo(userId, id).map(asSimMessage)])),
    modals: views.stack(userId).flatMap((open) => asSimView(open) ?? []),
    home: home === undefined || isModal(home) ? null : structuredClone(home),
    commands: settings.commands,
    shortcuts: settings.shortcuts.map(({ name, type, description }) => ({ name, type, description })),
  };
}
