// The control API of control-api.ts over HTTP: how the demo page plays the people.
import type { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { parseObject } from './answers.ts';
import type { FormState } from './control-api.ts';
import { mediaType, readBody, sendJson } from './http.ts';
import { ImpossibleAction } from './impossible.ts';
import type { Exchange } from './misbehave.ts';
import { click, openHome, suggest } from './people/click.ts';
import { closeModal, submit } from './people/modal.ts';
import { screenOf } from './people/person.ts';
import { say } from './people/say.ts';
import { chooseShortcut } from './people/shortcut.ts';
import type { World } from './world.ts';

/** Tells of every change of the workspace. */
export type Changes = EventEmitter<{ changed: [version: number] }>;

const HEARTBEAT_MS = 15_000;

const place = z.union([
  z.strictObject({ channel: z.string(), ts: z.string() }),
  z.strictObject({ viewId: z.string() }),
  z.strictObject({ home: z.literal(true) }),
]);
// The elements' states are compared with the form's elements later on.
const values = z.custom<FormState>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
const user = z.string();
const element = { user, place, blockId: z.string().optional(), actionId: z.string() };

const bodies = {
  say: z.strictObject({ user, channel: z.string(), text: z.string() }),
  click: z.strictObject({ ...element, value: z.string().optional(), values: values.optional() }),
  submit: z.strictObject({ user, viewId: z.string(), values }),
  close: z.strictObject({ user, viewId: z.string() }),
  suggest: z.strictObject({ ...element, query: z.string() }),
  shortcut: z.strictObject({
    user,
    name: z.string(),
    on: z.strictObject({ channel: z.string(), ts: z.string() }).optional(),
  }),
  home: z.strictObject({ user }),
};

/** Answers `/control/<what>`. */
export async function serveControl(
  world: World,
  changes: Changes,
  exchange: Exchange & { what: string },
): Promise<void> {
  const { request, response, what } = exchange;
  try {
    if (request.method === 'GET') return look(world, changes, exchange);
    // Only scripts of our own page can send this type: a foreign page would need a permission nobody gives.
    if (mediaType(request) !== 'application/json') return sendJson(response, 415, { error: 'send application/json' });
    const result = await act(world, what, parseObject(await readBody(request)));
    sendJson(response, result === null ? 404 : 200, result ?? { error: 'not found' });
  } catch (error) {
    if (error instanceof ImpossibleAction) return sendJson(response, 409, { error: error.message });
    if (error instanceof z.ZodError) return sendJson(response, 400, { error: z.prettifyError(error) });
    throw error;
  }
}

function look(world: World, changes: Changes, { request, response, what }: Exchange & { what: string }): void {
  const { searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const asked = searchParams.get('user') ?? firstPerson(world);
  if (!isPerson(world, asked)) return sendJson(response, 404, { error: `nobody is called ${asked}` });
  if (what === 'state') return sendJson(response, 200, screenOf(world, asked));
  if (what === 'events') return stream(world, changes, response);
  sendJson(response, 404, { error: 'not found' });
}

function firstPerson(world: World): string {
  return world.settings.users.find(({ id }) => isPerson(world, id))?.id ?? '';
}

function isPerson(world: World, userId: string): boolean {
  const found = world.workspace.users.get(userId);
  return found !== undefined && !found.isBot && found.deleted !== true;
}

function stream(world: World, changes: Changes, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const tell = (version: number): void => void response.write(`data: ${JSON.stringify({ version })}\n\n`);
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS);
  tell(world.workspace.version);
  changes.on('changed', tell);
  response.on('close', () => {
    clearInterval(heartbeat);
    changes.off('changed', tell);
  });
}

async function act(world: World, what: string, body: unknown): Promise<unknown> {
  switch (what) {
    case 'say': {
      const typed = bodies.say.parse(body);
      return say(world, { userId: typed.user, channelId: typed.channel, text: typed.text });
    }
    case 'click': {
      const { user: userId, ...clicked } = bodies.click.parse(body);
      return click(world, withoutUndefined({ userId, ...clicked }));
    }
    case 'submit': {
      const { user: userId, ...submitted } = bodies.submit.parse(body);
      return submit(world, { userId, ...submitted });
    }
    case 'close': {
      const closed = bodies.close.parse(body);
      return closeModal(world, closed.user, closed.viewId);
    }
    case 'suggest': {
      const { user: userId, ...search } = bodies.suggest.parse(body);
      return suggest(world, withoutUndefined({ userId, ...search }));
    }
    case 'shortcut': {
      const { user: userId, ...chosen } = bodies.shortcut.parse(body);
      return chooseShortcut(world, withoutUndefined({ userId, ...chosen }));
    }
    case 'home':
      return openHome(world, bodies.home.parse(body).user);
    default:
      return null;
  }
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** JSON has no undefined: an optional field is there or it is not. */
function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Defined<T>;
}
