// How Slack rewrites what a person types: entities always, mentions and links where the app asked for it.
import type { ChannelSeed, UserSeed } from './options.ts';

/** `&`, `<` and `>` never reach an app bare. */
export function escapeEntities(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

type Names = { users: Iterable<UserSeed>; channels: Iterable<ChannelSeed> };

/** "Escape channels, users, and links sent to your app": `@alice` → `<@U1|alice>`, `#ops` → `<#C1|ops>`, links in `<>`. */
export function escapeMentions(escaped: string, names: Names): string {
  const users = new Map([...names.users].map((user) => [user.name, user.id]));
  const channels = new Map([...names.channels].map((channel) => [channel.name, channel]));
  return escaped
    .replace(/\bhttps?:\/\/[^\s<>]+/g, (url) => `<${url}>`)
    .replace(/(^|\s)@([\w.-]+)/g, (typed, before: string, name: string) => {
      const id = users.get(name);
      return id === undefined ? typed : `${before}<@${id}|${name}>`;
    })
    .replace(/(^|\s)#([\w.-]+)/g, (typed, before: string, name: string) => {
      const channel = channels.get(name);
      if (channel === undefined) return typed;
      return `${before}<#${channel.id}|${channel.kind === 'channel' ? name : ''}>`;
    });
}
