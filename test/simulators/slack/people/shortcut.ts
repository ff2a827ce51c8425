// A person chooses one of the app's shortcuts: from anywhere, or on a message.
import type { Outcome } from '../control-api.ts';
import { ImpossibleAction } from '../impossible.ts';
import { messageShortcutPayload, shortcutPayload } from '../payloads.ts';
import type { World } from '../world.ts';
import { channelOf, personOf, responseUrl, toldOf } from './person.ts';

/** By the name people read in the menu. `on`: the message whose menu it was; without one, from anywhere. */
export type ChosenShortcut = { userId: string; name: string; on?: { channel: string; ts: string } };

export async function chooseShortcut(world: World, { userId, name, on }: ChosenShortcut): Promise<Outcome> {
  const user = personOf(world, userId);
  const type = on === undefined ? 'global' : 'message';
  const known = world.settings.shortcuts.find((shortcut) => shortcut.name === name && shortcut.type === type);
  if (known === undefined) throw new ImpossibleAction(`the app has no ${type} shortcut “${name}”`);
  const triggerId = world.triggers.issue({ userId, viewId: null });
  const chosen = { user, callbackId: known.callback_id, triggerId, ts: world.workspace.nextTs() };
  if (on === undefined) {
    const payload = shortcutPayload(chosen, world.settings);
    return toldOf(await world.sender.send({ kind: 'interaction', payload }));
  }
  const channel = channelOf(world, userId, on.channel);
  const message = world.workspace.visibleTo(userId, channel.id).find(({ ts }) => ts === on.ts);
  if (message === undefined) throw new ImpossibleAction(`${userId} sees no message ${on.ts} in ${channel.id}`);
  if (message.ephemeralFor !== null) throw new ImpossibleAction('an ephemeral message has no menu of shortcuts');
  const about = { origin: 'command', userId, channelId: channel.id, ts: null, threadTs: message.threadTs } as const;
  const place = { channel, message, responseUrl: responseUrl(world, about) };
  const payload = messageShortcutPayload({ ...chosen, ...place }, world.settings);
  return toldOf(await world.sender.send({ kind: 'interaction', payload }));
}
