// The dispatcher with plain fakes around it, spoken to as people do; every answer is checked against Slack's own rules.
import type { ModalView } from '@slack/types';
import { expect } from 'vitest';
import type { Project, Session } from '../../src/auth/sessions.ts';
import type { CommandDeps } from '../../src/commands/context.ts';
import { createDispatcher, type Dispatcher } from '../../src/commands/dispatch.ts';
import { createFlavorCache } from '../../src/commands/find/flavor.ts';
import { createImageNames } from '../../src/commands/find/image.ts';
import { commands } from '../../src/commands/index.ts';
import type { ErrandDecision } from '../../src/errands/decide.ts';
import { type ErrandOrder, newErrand } from '../../src/errands/errands.ts';
import type { Creation } from '../../src/creation/creation.ts';
import type { OrderInput } from '../../src/creation/creations.ts';
import { UserError } from '../../src/errors.ts';
import { type AskInput, toldTo } from '../../src/resize/resizes.ts';
import type { Decision, ResizeRequest } from '../../src/resize/request.ts';
import type {
  ActionInteraction,
  CommandInteraction,
  FormValues,
  Interaction,
  Outgoing,
  Person,
  Reply,
  SubmissionInteraction,
  ViewRef,
} from '../../src/slack/reply.ts';
import { asMessage, blocksTooLong, validateMessage, validateView } from '../simulators/slack/validate.ts';
import { AT, FakeCloud } from './fake-cloud.ts';

export const ALICE: Person = { teamId: 'T1', userId: 'UALICE' };
export const DEMO: Project = { id: 'p-demo', name: 'demo', domainName: 'Default' };
export const CHANNEL = 'C0OPS';

export function session(parts: Partial<Session> = {}): Session {
  return {
    person: ALICE,
    cloudUser: { id: 'u-alice', name: 'alice' },
    method: 'oidc',
    projects: [DEMO],
    projectId: DEMO.id,
    region: null,
    onlyRole: null,
    signInId: 's-1',
    ...parts,
  };
}

/** As it is right after the order. */
export function creationOf({ person, interactionId, ...rest }: OrderInput, parts: Partial<Creation> = {}): Creation {
  return {
    id: 'C-7KQ2MN',
    version: 1,
    askedBy: interactionId,
    correlation: 'correlation-1',
    requester: person,
    ...rest,
    state: 'ordering',
    createdAt: AT,
    intention: null,
    server: null,
    hasPassword: false,
    note: null,
    said: null,
    endedAt: null,
    revision: 1,
    announced: 0,
    due: AT,
    ...parts,
  };
}

export class Bot {
  readonly cloud: FakeCloud;
  /** Null: not signed in. */
  session: Session | null;
  channelProject: string | null = null;
  readonly posted: Outgoing[] = [];
  readonly asks: AskInput[] = [];
  readonly errands: ErrandOrder[] = [];
  readonly errandDecisions: [id: string, decision: ErrandDecision][] = [];
  readonly decisions: [id: string, decision: Decision][] = [];
  requests: ResizeRequest[] = [];
  /** What the resizes and the login throw, if anything. */
  refuses: Error | null = null;
  heldBy: Error | null = null;
  /** What is found out right before an order is sent. */
  losesHold: Error | null = null;
  readonly orders: OrderInput[] = [];
  /** Whose creations may go on. */
  readonly resumed: string[] = [];
  /** By id. */
  readonly secrets = new Map<string, string>();
  regions: string[] = ['eu-de', 'eu-nl'];
  readonly chosen: string[] = [];
  readonly reads: string[] = [];
  readonly codes: string[] = [];
  readonly seen = new Set<string>();
  readonly dispatcher: Dispatcher;
  #count = 0;

  constructor(parts: { cloud?: FakeCloud; session?: Session | null } = {}) {
    this.cloud = parts.cloud ?? new FakeCloud();
    this.session = parts.session === undefined ? session() : parts.session;
    this.dispatcher = createDispatcher({ commands, deps: this.#deps(), slash: '/ecs' });
  }

  async says(text: string): Promise<Reply> {
    return this.run(this.typed(text));
  }

  typed(text: string): CommandInteraction {
    return {
      kind: 'command',
      ...this.#base(),
      command: '/ecs',
      text,
      channelId: CHANNEL,
      responseUrl: 'https://slack/r',
      triggerId: '1.2',
    };
  }

  async clicks(button: { action_id?: string; value?: string }, parts: Partial<ActionInteraction> = {}): Promise<Reply> {
    return this.run(this.clicked(button, parts));
  }

  clicked(button: { action_id?: string; value?: string }, parts: Partial<ActionInteraction> = {}): ActionInteraction {
    return {
      kind: 'action',
      ...this.#base(),
      actionId: button.action_id ?? '',
      value: button.value ?? '',
      channelId: CHANNEL,
      responseUrl: 'https://slack/r',
      triggerId: '1.2',
      message: { channelId: CHANNEL, ts: '1.0' },
      ephemeral: true,
      view: null,
      values: {},
      ...parts,
    };
  }

  submitted(callbackId: string, values: FormValues): SubmissionInteraction {
    const view: ViewRef = { id: 'V1', hash: 'h', callbackId, privateMetadata: JSON.stringify({ channel: CHANNEL }) };
    return { kind: 'submission', ...this.#base(), callbackId, view, triggerId: '1.2', values };
  }

  /** A form as we made it, with what was filled in. */
  submitsView({ callback_id: callbackId = '', private_metadata: privateMetadata = '' }: ModalView, values: FormValues) {
    const submitted = this.submitted(callbackId, values);
    return { ...submitted, view: { ...submitted.view, privateMetadata } };
  }

  async run(interaction: Interaction): Promise<Reply> {
    const reply = await this.dispatcher.run(interaction);
    expect(problems(reply)).toEqual([]);
    return reply;
  }

  #base() {
    this.#count += 1;
    return { id: `i-${this.#count}`, person: ALICE, receivedAt: AT };
  }

  #deps(): CommandDeps {
    const signedIn = () => {
      if (!this.session) throw new UserError('not_signed_in', 'You are not signed in.');
      return this.session;
    };
    return {
      sessions: {
        find: async () => this.session,
        open: async () => {
          this.reads.push('session');
          return { session: signedIn(), cloud: async () => this.cloud, regions: async () => this.regions };
        },
        chooseRegion: async (_person, region) => {
          this.chosen.push(region ?? 'default');
          return session({ region });
        },
        chooseProject: async (_person, id) => {
          this.chosen.push(id);
          return session({ projectId: id });
        },
        signOut: async () => ({ revoked: 2, failed: 0 }),
      },
      login: {
        begin: async () => ({ url: 'https://bot.example/login/ticket' }),
        finish: async (_person, code) => this.#signIn(code),
        withApplicationCredential: async (_person, { id }) => this.#signIn(id),
      },
      resizes: {
        ask: async (input) => {
          if (this.refuses) throw this.refuses;
          this.asks.push(input);
          return request();
        },
        precheck: async (id) => {
          if (this.refuses) throw this.refuses;
          return request({ id });
        },
        decide: async (id, decision) => {
          if (this.refuses) throw this.refuses;
          this.decisions.push([id, decision]);
          return request({ id });
        },
        get: async (id) => this.requests.find((one) => one.id === id.toUpperCase()) ?? null,
        openFor: async (serverId, by) => {
          const found = this.requests.find(({ plan }) => plan.server.id === serverId);
          return found ? toldTo(found, by) : null;
        },
        list: async () => this.requests,
      },
      errands: {
        begin: async (order) => {
          this.errands.push(order);
          return newErrand(order, AT);
        },
        decide: async (id, decision) => {
          if (this.refuses) throw this.refuses;
          this.errandDecisions.push([id, decision]);
          const order = this.errands.find((one) => one.id === id);
          if (!order) throw new UserError('not_found', 'no such errand');
          return newErrand(order, AT);
        },
      },
      outbox: { put: async (messages) => void this.posted.push(...messages) },
      creations: {
        order: async (input) => {
          if (this.refuses) throw this.refuses;
          this.orders.push(input);
          return creationOf(input);
        },
        resume: async ({ userId }) => void this.resumed.push(userId),
      },
      secrets: {
        keep: async ({ id }, { value }) => void this.secrets.set(id, value),
        link: async ({ id }) =>
          this.secrets.has(id) ? { url: `https://bot.example/secret/${id}`, until: AT + 600_000 } : null,
      },
      locks: {
        exclusively: async (_id, _holder, work) => {
          if (this.heldBy) throw this.heldBy;
          return work({
            confirm: async () => {
              if (this.losesHold) throw this.losesHold;
            },
          });
        },
      },
      channelProjects: {
        get: async () => {
          this.reads.push('channel');
          return this.channelProject;
        },
        set: async (_team, _channel, id) => {
          this.channelProject = id;
        },
      },
      flavors: createFlavorCache({ now: () => AT }),
      imageNames: createImageNames({ now: () => AT }),
      firstTime: async (id) => !this.seen.has(id) && Boolean(this.seen.add(id)),
      now: () => AT,
      pause: async () => undefined,
    };
  }

  #signIn(code: string): Session {
    if (this.refuses) throw this.refuses;
    this.codes.push(code);
    return session();
  }
}

function problems(reply: Reply): string[] {
  if (reply.kind === 'message') {
    const found = validateMessage({ text: reply.text, blocks: reply.blocks }).map(asMessage);
    return blocksTooLong(reply.blocks ?? []) ? [...found, 'msg_blocks_too_long'] : found;
  }
  return reply.kind === 'modal' ? validateView(reply.view).map(asMessage) : [];
}

const small = { id: 'f-small', name: 's3.small.1', vcpus: 1, ramMiB: 1024, diskGiB: 0 };
const large = { id: 'f-large', name: 's3.large.2', vcpus: 2, ramMiB: 4096, diskGiB: 0 };

export function request(parts: Partial<ResizeRequest> = {}): ResizeRequest {
  return {
    id: 'R-7KQ2',
    version: 1,
    channelId: CHANNEL,
    requester: { teamId: 'T1', userId: 'UBOB' },
    reason: null,
    plan: {
      hash: 'h',
      project: { id: DEMO.id, name: DEMO.name },
      region: null,
      server: { id: '11111111-1111-4111-8111-111111111111', name: 'web-1' },
      running: true,
      from: small,
      to: large,
      backend: 'nova',
      wayBack: 'possible',
      volumeIds: [],
    },
    state: 'awaiting_approval',
    held: null,
    createdAt: AT,
    approveBy: AT + 3_600_000,
    confirmBy: null,
    approvalTtl: 3_600_000,
    confirmTtl: 86_400_000,
    approvals: [],
    chosen: null,
    intention: null,
    actionsSeen: [],
    outcome: null,
    note: null,
    events: [],
    revision: 1,
    announced: 0,
    logged: 0,
    preflight: [],
    due: null,
    ...parts,
  };
}

/** All mrkdwn and plain texts of an answer, in reading order. */
export function textOf(reply: Reply): string {
  const blocks =
    reply.kind === 'message' ? (reply.blocks ?? [reply.text]) : reply.kind === 'modal' ? reply.view.blocks : [];
  return collect(blocks, 'text')
    .filter((text): text is string => typeof text === 'string')
    .join('\n');
}

/** Only the texts that Slack formats: a name must not do anything in them. */
export function mrkdwnOf(reply: Reply): string {
  const texts = reply.kind === 'message' ? [reply.text] : [];
  walk(reply.kind === 'message' ? reply.blocks : reply.kind === 'modal' ? reply.view.blocks : [], (part) => {
    if (part['type'] === 'mrkdwn') texts.push(String(part['text']));
  });
  return texts.join('\n');
}

export type Clickable = { action_id: string; value: string; text: string };

/** Every button and menu choice of an answer, as it would be clicked. */
export function clickables(reply: Reply): Clickable[] {
  const blocks = reply.kind === 'message' ? (reply.blocks ?? []) : [];
  const found: Clickable[] = [];
  walk(blocks, (part) => {
    const id = part['action_id'];
    if (typeof id !== 'string') return;
    const options = Array.isArray(part['options']) ? part['options'] : [part];
    for (const option of options as { value?: string; text?: { text: string } }[]) {
      found.push({ action_id: id, value: option.value ?? '', text: option.text?.text ?? '' });
    }
  });
  return found;
}

export function named(reply: Reply, text: string): Clickable {
  const found = clickables(reply).find((one) => one.text === text);
  if (!found)
    throw new Error(
      `no “${text}” among ${clickables(reply)
        .map((one) => one.text)
        .join(', ')}`,
    );
  return found;
}

function collect(value: unknown, key: string): unknown[] {
  const found: unknown[] = [];
  walk(value, (part) => found.push(part[key]));
  return typeof value === 'string' ? [value] : found;
}

function walk(value: unknown, visit: (part: Record<string, unknown>) => void): void {
  if (Array.isArray(value)) value.forEach((one) => walk(one, visit));
  else if (typeof value === 'object' && value !== null) {
    visit(value as Record<string, unknown>);
    Object.values(value).forEach((one) => walk(one, visit));
  }
}
