// Bolt as its documentation shows it, with nothing behind the ack.
import { App, HTTPReceiver } from '@slack/bolt';

const receiver = new HTTPReceiver({
  signingSecret: process.env.SLACK_SIGNING_SECRET ?? '',
  endpoints: '/slack/events',
});
const app = new App({
  receiver,
  authorize: async () => ({ botToken: 'xoxb-none', botId: 'B0BOT', botUserId: 'U0BOT' }),
});
app.command('/ecs', async ({ ack }) => ack());
app.action(/.*/, async ({ ack }) => ack());
await receiver.start(Number(process.env.PORT));

process.on('SIGTERM', () => process.exit(0));
