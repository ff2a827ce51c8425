// Decides what becomes of an interaction before the ack: only instant checks, and one durable write where something would be lost.
import { UserError } from '../errors.ts';
import { NOT_RECORDED } from './notices.ts';
import type { Log } from './ports.ts';
import type { Handlers, Inbox, Interaction, Plan, Refusal } from './reply.ts';
import { withinTime } from './tracker.ts';

/** What the ack says. `perform`: acked, then worked on here. `recorded`: acked, the inbox's worker takes over. */
export type Receipt =
  | { kind: 'perform'; plan: Plan }
  | { kind: 'recorded'; plan: Plan }
  | { kind: 'duplicate'; plan: Plan }
  | { kind: 'field_errors'; errors: Record<string, string> }
  | { kind: 'refused'; refusal: Refusal };

export type IntakeDeps = {
  handlers: Pick<Handlers, 'plan' | 'explain'>;
  inbox: Inbox;
  log: Log;
  now: () => number;
  /** Slack waits three seconds for the ack, the network included. */
  recordWithinMs?: number;
};

const RECORD_WITHIN_MS = 2500;
/** Deliveries remembered in this process; what must never run twice is also kept apart by the inbox. */
const REMEMBERED = 2000;

export function createIntake(deps: IntakeDeps): (interaction: Interaction) => Promise<Receipt> {
  const isNew = createSeen(REMEMBERED);

  return async (interaction) => {
    let plan: Plan;
    try {
      plan = deps.handlers.plan(interaction);
    } catch (error) {
      return { kind: 'refused', refusal: deps.handlers.explain(error, interaction) };
    }
    if (plan.errors && Object.keys(plan.errors).length > 0) return { kind: 'field_errors', errors: plan.errors };
    if (plan.durable) return record(deps, interaction, plan);
    return { kind: isNew(interaction.id) ? 'perform' : 'duplicate', plan };
  };
}

async function record(deps: IntakeDeps, interaction: Interaction, plan: Plan): Promise<Receipt> {
  const spent = deps.now() - interaction.receivedAt;
  const limitMs = Math.max(0, (deps.recordWithinMs ?? RECORD_WITHIN_MS) - Math.max(0, spent));
  try {
    const put = await withinTime(deps.inbox.put(lean(interaction, plan)), limitMs, tooLate);
    return { kind: put, plan };
  } catch (err) {
    deps.log.error({ err, interaction: interaction.id }, 'An interaction could not be recorded');
    return { kind: 'refused', refusal: deps.handlers.explain(new UserError('unavailable', NOT_RECORDED), interaction) };
  }
}

/** A form that closes does not come back: nothing of it, secrets least of all, has to be kept twice. */
function lean(interaction: Interaction, { after }: Plan): Interaction {
  if (interaction.kind !== 'submission' || after === 'wait') return interaction;
  const { form: _, ...rest } = interaction;
  return rest;
}

function tooLate(): never {
  throw new Error('The inbox did not answer before the ack was due');
}

/** True the first time it is asked about an id; remembers the newest `size` ids. */
function createSeen(size: number): (id: string) => boolean {
  const seen = new Set<string>();
  return (id) => {
    if (seen.has(id)) return false;
    seen.add(id);
    for (const oldest of seen) {
      if (seen.size <= size) break;
      seen.delete(oldest);
    }
    return true;
  };
}
