// The control API and the page, as the demo uses them.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  ALICE,
  button,
  modal,
  input,
  openModal,
  openWorkspace,
  post,
  OPS,
  section,
  type TestWorkspace,
} from './test-workspace.ts';

let world: TestWorkspace;
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'page-'));
  await writeFile(join(dir, 'index.html'), '<title>Slack</title>');
  await writeFile(join(dir, 'app.js'), 'export {};');
  world = await openWorkspace({ page: { dir, connectTo: ['http://127.0.0.1:9999'] } });
});
afterEach(async () => {
  await world.close();
  await rm(dir, { recursive: true });
});

async function send(what: string, body: object, type = 'application/json'): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${world.slack.url}/control/${what}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

describe('the control API', () => {
  test('shows one person the workspace; without a name, the first one', async () => {
    await post(world, { channel: OPS, text: 'hello' });
    for (const query of [`?user=${ALICE}`, '']) {
      const answer = await fetch(`${world.slack.url}/control/state${query}`);
      expect(await answer.json()).toMatchObject({
        me: { id: ALICE },
        team: { id: 'T0TEAM' },
        messages: { [OPS]: [{ text: 'hello' }] },
        channels: expect.arrayContaining([expect.objectContaining({ kind: 'im', withUser: 'U0BOT' })]),
        commands: [{ command: '/ecs' }],
      });
    }
    expect((await fetch(`${world.slack.url}/control/state?user=U0NOBODY`)).status).toBe(404);
  });

  test('streams each change as server-sent events', async () => {
    const answer = await fetch(`${world.slack.url}/control/events?user=${ALICE}`);
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toMatch(/^data: \{"version":\d+\}\n\n$/);
    await post(world, { channel: OPS, text: 'hello' });
    expect((await reader?.read())?.value).toMatch(/^data: \{"version":\d+\}\n\n$/);
    await reader?.cancel();
  });

  test('types, clicks, submits, searches, closes and opens the Home tab', async () => {
    expect(await send('say', { user: ALICE, channel: OPS, text: '/ecs list' })).toEqual({
      status: 200,
      body: { ok: true },
    });
    const { ts = '' } = await post(world, { channel: OPS, text: 'x', blocks: [button('go', '1')] });
    const place = { channel: OPS, ts };
    expect(await send('click', { user: ALICE, place, blockId: 'block-go', actionId: 'go' })).toEqual({
      status: 200,
      body: { ok: true },
    });
    const viewId = await openModal(world, modal([input('name')]));
    expect(await send('submit', { user: ALICE, viewId, values: {} })).toMatchObject({
      body: { ok: true, errors: { name: expect.any(String) } },
    });
    expect(await send('close', { user: ALICE, viewId })).toEqual({ status: 200, body: { ok: true } });
    expect(await send('home', { user: ALICE })).toEqual({ status: 200, body: { ok: true } });
    const menu = modal([{ type: 'actions', block_id: 'b', elements: [{ type: 'external_select', action_id: 'e' }] }]);
    const search = { user: ALICE, place: { viewId: await openModal(world, menu) }, actionId: 'e', query: 'web' };
    expect(await send('suggest', search)).toEqual({ status: 200, body: { options: [] } });
  });

  test('says what is wrong with a request', async () => {
    expect(await send('click', { user: ALICE, place: { home: true }, actionId: 'go' })).toMatchObject({ status: 409 });
    expect(await send('say', { user: ALICE, text: 'x' })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('channel') },
    });
    expect(await send('say', {}, 'text/plain')).toMatchObject({ status: 415 });
    expect(await send('dance', {})).toMatchObject({ status: 404 });
  });
});

describe('the page', () => {
  test('is served with a strict policy', async () => {
    const answer = await fetch(world.slack.url);
    expect(await answer.text()).toBe('<title>Slack</title>');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self'; style-src 'self'");
    expect(policy).toContain("connect-src 'self' http://127.0.0.1:9999");
    expect((await fetch(`${world.slack.url}/app.js`)).headers.get('content-type')).toContain('text/javascript');
  });

  test('does not reach outside its folder', async () => {
    for (const path of ['/nothing.html', '/%2e%2e%2fsecret.json', '/..%2f..%2fetc/passwd', '/%00.html']) {
      expect((await fetch(`${world.slack.url}${path}`)).status).toBe(404);
    }
  });

  test('is not there unless asked for', async () => {
    const other = await openWorkspace();
    expect((await fetch(other.slack.url)).status).toBe(404);
    await other.close();
  });
});

test('closing ends open streams', async () => {
  const other = await openWorkspace();
  const answer = await fetch(`${other.slack.url}/control/events`);
  await post(other, { channel: OPS, text: 'x', blocks: [section('x')] });
  await other.close();
  await expect(answer.text()).rejects.toThrow('terminated');
});
