// A secret on its page: for one person, once, and nowhere in clear.
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createVault } from '../../src/auth/vault.ts';
import type { HttpResponse } from '../../src/http.ts';
import { secretRoutes } from '../../src/secrets/pages.ts';
import { createSecrets } from '../../src/secrets/secrets.ts';
import { createMemoryStore } from '../auth/memory.ts';
import { createClock, MINUTE } from '../support/clock.ts';

const ALICE = { teamId: 'T1', userId: 'UALICE' };
const KEY = '-----BEGIN RSA PRIVATE KEY-----\nMIIE<b>&"\n-----END RSA PRIVATE KEY-----\n';
const REF = { person: ALICE, id: 'keypair:1' };

function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

function setting(title = 'Private key of key pair laptop') {
  const clock = createClock();
  const store = createMemoryStore(clock.now);
  const lines: unknown[] = [];
  const log = {
    debug: () => undefined,
    info: (...line: unknown[]) => void lines.push(line),
    warn: (...line: unknown[]) => void lines.push(line),
    error: (...line: unknown[]) => void lines.push(line),
  };
  const secrets = createSecrets({
    store,
    keys: {
      secret: ({ teamId, userId }, id) => `secret:${teamId}:${userId}:${id}`,
      secretTicket: (digest) => `ticket:${digest}`,
    },
    vault: createVault([{ id: 'k1', secret: Buffer.alloc(32, 1) }]),
    log,
    publicUrl: 'https://bot.example',
    linkTtlMs: 10 * MINUTE,
    now: clock.now,
    randomSecret,
  });
  const routes = secretRoutes({
    secrets,
    nameOf: async () => ({ userName: '<img src=x>\u202ealice', teamName: 'Acme & Sons' }),
    log,
    publicUrl: 'https://bot.example',
    command: '/ecs',
    linkTtlMs: 10 * MINUTE,
    randomSecret,
  });
  const keep = () => secrets.keep(REF, { title, value: KEY, ttlMs: 10 * MINUTE });
  const ticket = async () =>
    new URL((await secrets.link(REF))?.url ?? 'https://nothing/').pathname.split('/').at(-1) ?? '';
  const ask = async (
    method: 'GET' | 'POST',
    of: string,
    from: { headers?: Record<string, string>; body?: string } = {},
  ) => {
    const route = routes.find((one) => one.method === method);
    if (!route) throw new Error(`no route for ${method}`);
    const { headers = {}, body = '' } = from;
    return route.handle({
      method,
      path: route.path,
      params: { ticket: of },
      query: new URLSearchParams(),
      headers,
      body,
    });
  };
  return { clock, store, lines, secrets, keep, ticket, ask };
}

/** The button on the page, pressed in the browser that was shown the page. */
function pressing(page: HttpResponse) {
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
  const cookie = page.headers['set-cookie']?.split(';')[0] ?? '';
  return { headers: { cookie }, body: new URLSearchParams({ csrf }).toString() };
}

describe('the one-time page', () => {
  it('says whose it is and what, as often as it is opened, and shows the secret once', async () => {
    const { keep, ticket, ask } = setting();
    await keep();
    const link = await ticket();
    await ask('GET', link);
    const offer = await ask('GET', link);
    expect(offer.status).toBe(200);
    expect(offer.body).toContain('&lt;img src=x&gt;alice');
    expect(offer.body).toContain('Acme &amp; Sons');
    expect(offer.body).toContain('Private key of key pair laptop');
    expect(offer.body).not.toContain('BEGIN RSA');
    const shown = await ask('POST', link, pressing(offer));
    expect(shown.status).toBe(200);
    expect(shown.headers['cache-control']).toBe('no-store');
    expect(shown.body).toContain('MIIE&lt;b&gt;&amp;&quot;');
    const again = await ask('POST', link, pressing(offer));
    expect(again.status).toBe(410);
    expect(again.body).not.toContain('MIIE');
    expect((await ask('GET', link)).status).toBe(410);
  });

  it('shows it to one of two that press at the same time', async () => {
    const { keep, ticket, ask } = setting();
    await keep();
    const link = await ticket();
    const pressed = pressing(await ask('GET', link));
    const pages = await Promise.all([ask('POST', link, pressed), ask('POST', link, pressed)]);
    expect(pages.map(({ status }) => status).toSorted()).toEqual([200, 410]);
  });

  it('shows nothing to a browser that was not shown the page, nor to a form of another site', async () => {
    const { keep, ticket, ask, secrets } = setting();
    await keep();
    const link = await ticket();
    const pressed = pressing(await ask('GET', link));
    expect((await ask('POST', link, { body: pressed.body })).status).toBe(403);
    expect((await ask('POST', link, { ...pressed, body: 'csrf=guess' })).status).toBe(403);
    const elsewhere = { ...pressed, headers: { ...pressed.headers, 'sec-fetch-site': 'cross-site' } };
    expect((await ask('POST', link, elsewhere)).status).toBe(403);
    expect(await secrets.look(REF)).not.toBeNull();
  });

  it('is gone after its time, also for a new link', async () => {
    const { clock, keep, ticket, ask, secrets } = setting();
    await keep();
    const link = await ticket();
    clock.advance(10 * MINUTE);
    expect((await ask('GET', link)).status).toBe(410);
    expect(await secrets.link(REF)).toBeNull();
  });

  it('knows no other link', async () => {
    const { keep, ask } = setting();
    await keep();
    expect((await ask('GET', 'guess')).status).toBe(410);
  });

  it('may not be framed, kept, or run anything', async () => {
    const { keep, ticket, ask } = setting('<script>alert(1)</script>');
    await keep();
    const link = await ticket();
    const offer = await ask('GET', link);
    const shown = await ask('POST', link, pressing(offer));
    for (const page of [offer, shown]) {
      expect(page.headers['content-security-policy']).toContain("default-src 'none'");
      expect(page.headers['content-security-policy']).toContain("form-action 'self';");
      expect(page.headers['x-frame-options']).toBe('DENY');
      expect(page.headers['referrer-policy']).toBe('no-referrer');
      expect(page.body).not.toContain('<script');
    }
    expect(offer.headers['set-cookie']).toMatch(/^__Host-ecs-secret=.*; HttpOnly; SameSite=Lax; Secure$/);
  });

  it('leaves the secret neither in Redis nor in the log in clear', async () => {
    const { store, lines, keep, ticket, ask } = setting();
    await keep();
    const link = await ticket();
    const before = store.dump();
    await ask('POST', link, pressing(await ask('GET', link)));
    for (const text of [before, store.dump(), JSON.stringify(lines)]) {
      expect(text).not.toContain('MIIE');
      expect(text).not.toContain(link);
    }
    expect(JSON.stringify(lines)).toContain('keypair:1');
  });

  it('cannot be had by putting it in another person’s place', async () => {
    const { store, keep, secrets } = setting();
    await keep();
    const mallory = { person: { teamId: 'T1', userId: 'UMALLORY' }, id: REF.id };
    store.poke('secret:T1:UMALLORY:keypair:1', store.peek('secret:T1:UALICE:keypair:1') ?? '');
    expect(await secrets.take(mallory)).toBeNull();
  });
});
