// Saying something to one person, or to the channel they are in, by whichever way still works.
import { failureOf } from './failures.ts';
import { LIMITS, truncate } from './limits.ts';
import { blocksOf, channelOf, type Message, NOT_POSTED, noticeView, plainMessage, POST_UNSURE } from './notices.ts';
import type { Log, Web } from './ports.ts';
import type { Interaction } from './reply.ts';
import type { Windows } from './windows.ts';

export type Telling = {
  /** Tells the person alone: response_url, ephemerally in the channel, or by DM. Never throws. */
  person(interaction: Interaction, message: Message): Promise<void>;
  /** Says it in the channel for everybody, once. Never throws: what went wrong is told to the person. */
  channel(interaction: Interaction, message: Message): Promise<void>;
};

type Deps = { web: Web; windows: Windows; log: Log; now: () => number };
type Way = { name: string; tell: () => Promise<unknown> };

/** Slack's own limits: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses, and 3 s for a trigger_id. */
const RESPONSE_URL_MS = 30 * 60_000;
const TRIGGER_MS = 3000;

export function createTelling(deps: Deps): Telling {
  async function person(interaction: Interaction, message: Message): Promise<void> {
    // Should every way refuse the blocks, the sentence alone still says what happened.
    const ways = [message, { ...message, blocks: [] }].flatMap((content) => waysToTell(deps, interaction, content));
    for (const way of ways) {
      try {
        await way.tell();
        return;
      } catch (err) {
        deps.log.warn(
          { err, way: way.name, interaction: interaction.id },
          'Could not answer this way; trying the next',
        );
      }
    }
    deps.log.error({ interaction: interaction.id, person: interaction.person }, 'Nobody could be told an answer');
  }

  async function channel(interaction: Interaction, message: Message): Promise<void> {
    for (const way of waysToAnnounce(deps, interaction, message)) {
      try {
        await way.tell();
        return;
      } catch (err) {
        deps.log.warn({ err, way: way.name, interaction: interaction.id }, 'Could not post an answer to the channel');
        // It may be there: a second one would be worse than a question.
        if (failureOf(err).kind === 'unknown') return person(interaction, plainMessage(POST_UNSURE));
      }
    }
    return person(interaction, plainMessage(NOT_POSTED));
  }

  return { person, channel };
}

/** Best way first: where the person is looking. */
function waysToTell(deps: Deps, interaction: Interaction, message: Message): Way[] {
  const { web, windows } = deps;
  const { teamId, userId } = interaction.person;
  const content = contentOf(message);
  const ways: Way[] = [];
  const url = responseUrl(deps, interaction);
  if (url) {
    const say = { response_type: 'ephemeral', ...replacing(interaction, message), ...content };
    ways.push({ name: 'response_url', tell: async () => web.respond(url, say) });
  }
  const trigger = freshTrigger(deps, interaction);
  if (trigger) ways.push({ name: 'window', tell: async () => windows.open(interaction, trigger, noticeView(message)) });
  const channel = channelOf(interaction);
  if (channel) {
    // https://docs.slack.dev/reference/methods/chat.postEphemeral
    const call = { method: 'chat.postEphemeral', teamId };
    const say = { channel, user: userId, ...content };
    ways.push({
      name: 'ephemeral',
      tell: async () => web.call(call, async (client) => client.chat.postEphemeral(say)),
    });
  }
  ways.push({
    name: 'dm',
    tell: async () => post(web, teamId, { channel: await web.directChannel(interaction.person), ...content }),
  });
  return ways;
}

function waysToAnnounce(deps: Deps, interaction: Interaction, message: Message): Way[] {
  const content = contentOf(message);
  const ways: Way[] = [];
  const url = responseUrl(deps, interaction);
  // Works also where the bot is not a member.
  if (url) {
    const say = { response_type: 'in_channel', ...replacing(interaction, { ...message, replace: false }), ...content };
    ways.push({ name: 'response_url', tell: async () => deps.web.respond(url, say) });
  }
  const channel = channelOf(interaction);
  if (channel) {
    ways.push({ name: 'post', tell: async () => post(deps.web, interaction.person.teamId, { channel, ...content }) });
  }
  return ways;
}

/** A shared card is never replaced by what concerns one person; only the ephemeral message that was clicked on may be. */
function replacing(interaction: Interaction, message: Message): { replace_original?: boolean } {
  if (interaction.kind !== 'action') return {};
  return { replace_original: message.replace === true && interaction.ephemeral };
}

type Content = { text: string; blocks: ReturnType<typeof blocksOf> };

function contentOf(message: Message): Content {
  return { text: truncate(message.text, LIMITS.messageText), blocks: blocksOf(message) };
}

// https://docs.slack.dev/reference/methods/chat.postMessage
async function post(web: Web, teamId: string, say: Content & { channel: string }): Promise<void> {
  await web.call({ method: 'chat.postMessage', teamId }, async (client) =>
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Slack's method, not the browser's
    client.chat.postMessage(say),
  );
}

function responseUrl(deps: Deps, interaction: Interaction): string | null {
  if (!('responseUrl' in interaction)) return null;
  return deps.now() - interaction.receivedAt < RESPONSE_URL_MS ? interaction.responseUrl : null;
}

/** What was done outside any conversation can be answered by a window, as long as its trigger_id lives. */
function freshTrigger(deps: Deps, interaction: Interaction): string | null {
  const inView = interaction.kind === 'action' && interaction.view !== null;
  const fromAnywhere = interaction.kind === 'shortcut' && interaction.channelId === null;
  if (!inView && !fromAnywhere) return null;
  return deps.now() - interaction.receivedAt < TRIGGER_MS ? interaction.triggerId || null : null;
}
