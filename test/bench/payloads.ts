// What Slack sends, as far as the programs under measurement look at it. Each one is new: none counts as a repetition.
import { randomUUID } from 'node:crypto';

export type Who = { teamId: string; userId: string; channelId: string };

export const ALICE: Who = { teamId: 'T0TEAM', userId: 'U0ALICE', channelId: 'C0OPS' };

export function command(who: Who, text: string, responseUrl: string): Record<string, string> {
  return {
    token: 'deprecated',
    team_id: who.teamId,
    team_domain: 'example',
    channel_id: who.channelId,
    channel_name: 'ops',
    user_id: who.userId,
    user_name: 'alice',
    command: '/ecs',
    text,
    api_app_id: 'A0APP',
    is_enterprise_install: 'false',
    response_url: responseUrl,
    trigger_id: `1.1.${randomUUID()}`,
  };
}

/** A click on a link button: Slack tells the app, which acks, and has nothing more to do. */
export function linkClick(who: Who): Record<string, string> {
  const at = randomUUID();
  const payload = {
    type: 'block_actions',
    user: { id: who.userId, username: 'alice', name: 'alice', team_id: who.teamId },
    api_app_id: 'A0APP',
    token: 'deprecated',
    container: { type: 'message', message_ts: '1700000000.000100', channel_id: who.channelId, is_ephemeral: true },
    trigger_id: `1.1.${at}`,
    team: { id: who.teamId, domain: 'example' },
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: who.channelId, name: 'ops' },
    state: { values: {} },
    response_url: 'http://127.0.0.1:9/response/unused',
    actions: [
      {
        action_id: 'command:link',
        block_id: 'link',
        text: { type: 'plain_text', text: 'Open the sign-in page', emoji: true },
        url: 'https://deck.example/login',
        type: 'button',
        action_ts: at,
      },
    ],
  };
  return { payload: JSON.stringify(payload) };
}
