// What the repository's `manifest.yml` asks Slack for: the workspace grants exactly that unless told otherwise.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { SimShortcut } from './control-api.ts';

const manifest = z.object({
  features: z.object({
    app_home: z.object({ home_tab_enabled: z.boolean(), messages_tab_read_only_enabled: z.boolean() }),
    slash_commands: z.array(z.object({ should_escape: z.boolean() })),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({ event_subscriptions: z.object({ bot_events: z.array(z.string()) }) }),
});

export type Granted = { scopes: string[]; events: string[]; homeTab: boolean; readOnlyDm: boolean; escape: boolean };

export function readManifest(): Granted {
  const { features, oauth_config: oauth, settings } = manifest.parse(read());
  return {
    scopes: oauth.scopes.bot,
    events: settings.event_subscriptions.bot_events,
    homeTab: features.app_home.home_tab_enabled,
    readOnlyDm: features.app_home.messages_tab_read_only_enabled,
    escape: features.slash_commands.every((command) => command.should_escape),
  };
}

export type ShortcutSeed = SimShortcut & { callback_id: string };

const shortcuts = z.object({
  features: z.object({
    shortcuts: z
      .array(
        z.object({
          name: z.string(),
          type: z.enum(['global', 'message']),
          callback_id: z.string(),
          description: z.string(),
        }),
      )
      .default([]),
  }),
});

/** What the app has put into Slack's own menus. */
export function readShortcuts(): ShortcutSeed[] {
  return shortcuts.parse(read()).features.shortcuts;
}

function read(): unknown {
  return parse(readFileSync(new URL('../../../manifest.yml', import.meta.url), 'utf8'));
}
