// What Slack's edge calls: the dispatcher, with repeated deliveries dropped and failures turned into words.
import { randomBytes } from 'node:crypto';
import { refused } from '../commands/answer.ts';
import type { Dispatcher } from '../commands/dispatch.ts';
import { UserError } from '../errors.ts';
import { createExplain } from '../explain.ts';
import type { Handlers, Interaction, Person, Reply } from '../slack/reply.ts';
import type { Base } from './base.ts';
import type { Memory } from './memory.ts';

/** Slack repeats a delivery within minutes, if at all. */
const REPEATS_WITHIN_MS = 10 * 60 * 1_000;

type Parts = {
  memory: Memory;
  dispatcher: Dispatcher;
  /** Draws the App Home tab. */
  home(person: Person): Promise<Reply>;
};

export function buildHandlers(base: Base, { memory, dispatcher, home }: Parts): Handlers {
  const { log, metrics, config } = base;
  const explain = createExplain({
    log,
    slash: config.slack.command,
    newReference: () => randomBytes(4).toString('hex'),
    onUnknown: () => metrics.errors.inc({ where: 'handler' }),
  });
  const isFirst = (id: string) =>
    memory.store.set(memory.keys.seen(id), '1', { onlyIfNew: true, ttlMs: REPEATS_WITHIN_MS });

  /** What was recorded is de-duplicated by the queue; the rest here, in the same round trip as the first reads of the run. */
  async function run(interaction: Interaction): Promise<Reply> {
    if (interaction.kind === 'home_opened') return home(interaction.person);
    if (dispatcher.plan(interaction).durable) return dispatcher.run(interaction);
    const first = isFirst(interaction.id);
    const work = dispatcher.run(interaction);
    // Records wait for Redis as long as it takes; people are told after seconds that it is away.
    const [isNew, reply] = await Promise.allSettled([first, Promise.race([work, first.then(() => work)])]);
    if (isNew.status === 'fulfilled' && !isNew.value) return { kind: 'none' };
    if (reply.status === 'rejected') throw reply.reason;
    return reply.value;
  }

  return {
    plan: (interaction) => dispatcher.plan(interaction),
    async run(interaction) {
      try {
        const reply = await run(interaction);
        metrics.interactions.inc({ kind: interaction.kind, outcome: 'answered' });
        return reply;
      } catch (error) {
        const outcome = error instanceof UserError ? 'refused' : 'failed';
        metrics.interactions.inc({ kind: interaction.kind, outcome });
        throw error;
      }
    },
    suggest: (interaction) => dispatcher.suggest(interaction),
    explain(error, interaction) {
      const said = explain(error, interaction);
      const repeat = dispatcher.repeat(interaction);
      return repeat === null ? said : { ...said, blocks: refused(said.text, repeat) };
    },
  };
}
