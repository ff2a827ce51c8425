// `logout`: revokes and forgets every token held for a person, and says so when one could not be revoked.
import { escapeMrkdwn } from '../../slack/text.ts';
import { defineCommand } from '../command.ts';

export const logout = defineCommand({
  name: 'logout',
  summary: 'Sign out and revoke every token held for you',
  examples: ['logout'],
  args: {},
  signIn: 'none',
  changes: true,
  async run(_args, ctx) {
    const { revoked, failed } = await ctx.sessions.signOut(ctx.person);
    const text = escapeMrkdwn(signedOutSentence({ revoked, failed }));
    return { kind: 'message', audience: 'person', text };
  },
});

function signedOutSentence({ revoked, failed }: { revoked: number; failed: number }): string {
  if (revoked + failed === 0) return 'You are signed out; no token was held for you.';
  const tokens = revoked === 1 ? '1 token was' : `${revoked} tokens were`;
  if (failed === 0) return `You are signed out; ${tokens} revoked and everything held for you is forgotten.`;
  return `You are signed out and everything held for you is forgotten; ${tokens} revoked, but ${failed} could not be: they end by themselves, and changing your password in the cloud ends them now.`;
}
