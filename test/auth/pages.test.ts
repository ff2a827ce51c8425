// What the sign-in pages tell the browser: who may show them, send forms to them, keep them.
import { describe, expect, it } from 'vitest';
import { loginRoutes, type PagesDeps } from '../../src/auth/pages.ts';
import type { WebLogin } from '../../src/auth/web-login.ts';
import type { HttpRequest, HttpResponse } from '../../src/http.ts';

const TICKET = 'a-ticket';
const SECRET = 'S'.repeat(43);
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const web: WebLogin = {
  look: async () => ({
    person: { teamId: 'T1', userId: 'U1' },
    names: { userName: '<img src=x onerror=alert(1)>\u202eecila', teamName: '"Acme" & Sons' },
  }),
  proceed: async () => ({ url: 'https://idp.example/auth?x=1' }),
  comeBack: async () => ({
    person: { teamId: 'T1', userId: 'U1' },
    names: { userName: null, teamName: null },
    code: '123-456',
    cloudUser: '</dd><script>',
    projects: 0,
  }),
};

type Ask = { method?: 'GET' | 'POST'; path?: string; headers?: Record<string, string>; body?: string };

async function ask(ask_: Ask, changes: Partial<PagesDeps> = {}): Promise<HttpResponse> {
  const deps: PagesDeps = {
    web,
    log: quiet,
    publicUrl: 'https://bot.example',
    issuer: 'https://idp.example',
    command: '/ecs',
    ttlMs: 600_000,
    randomSecret: () => SECRET,
    ...changes,
  };
  const { method = 'GET', path = '/login/:ticket', headers = {}, body = '' } = ask_;
  const route = loginRoutes(deps).find((one) => one.method === method && one.path === path);
  if (route === undefined) throw new Error(`no route ${method} ${path}`);
  const params = { ticket: TICKET };
  const request: HttpRequest = { method, path, params, query: new URLSearchParams(), headers, body };
  return route.handle(request);
}

function csrfOf(page: HttpResponse): string {
  return /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
}

describe('every sign-in page', () => {
  it('may not be framed, kept, indexed, or run anything, and tells nobody where the person came from', async () => {
    for (const page of [await ask({}), await ask({ path: '/login/callback' }), await ask({ method: 'POST' })]) {
      expect(page.headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
      const policy = page.headers['content-security-policy'] ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("base-uri 'none'");
      expect(policy).not.toContain('unsafe');
      expect(page.body).not.toContain('<script');
    }
  });

  it('lets forms lead to https only, unless the identity provider itself is plain http', async () => {
    const policyOf = async (issuer: string) => (await ask({}, { issuer })).headers['content-security-policy'];
    expect(await policyOf('https://idp.example')).toMatch(/form-action 'self' https:;/);
    expect(await policyOf('http://127.0.0.1:5556')).toMatch(/form-action 'self' https: http:;/);
  });

  it('shows names as text, whatever is in them, and without turning the reading direction', async () => {
    const page = await ask({});
    expect(page.body).toContain('&lt;img src=x onerror=alert(1)&gt;ecila');
    expect(page.body).toContain('&quot;Acme&quot; &amp; Sons');
    expect(page.body).not.toContain('<img');
    const proof = await ask({ path: '/login/callback' });
    expect(proof.body).toContain('&lt;/dd&gt;&lt;script&gt;');
    expect(proof.body).toContain('unknown name, id U1');
    expect(proof.body).toContain('no role in any project');
  });
});

describe('the cookie that ties a sign-in to one browser', () => {
  it('is for this host alone, over https alone, and out of reach of scripts', async () => {
    const page = await ask({});
    expect(page.headers['set-cookie']).toBe(
      `__Host-ecs-login=${SECRET}; Path=/; Max-Age=1800; HttpOnly; SameSite=Lax; Secure`,
    );
  });

  it('does without Secure on plain http, where browsers would drop it', async () => {
    const page = await ask({}, { publicUrl: 'http://127.0.0.1:3000' });
    expect(page.headers['set-cookie']).toBe(`ecs-login=${SECRET}; Path=/; Max-Age=1800; HttpOnly; SameSite=Lax`);
  });

  it('is kept when the browser has one already, and replaced when it is not one of ours', async () => {
    const other = 'o'.repeat(43);
    const kept = await ask({ headers: { cookie: `a=b; __Host-ecs-login=${other}` } });
    expect(kept.headers['set-cookie']).toContain(other);
    const replaced = await ask({ headers: { cookie: '__Host-ecs-login=x; Path=/' } });
    expect(replaced.headers['set-cookie']).toContain(SECRET);
  });
});

describe('the button', () => {
  const cookie = `__Host-ecs-login=${SECRET}`;

  it('leads to the identity provider', async () => {
    const body = new URLSearchParams({ csrf: csrfOf(await ask({})) }).toString();
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    const answer = await ask({ method: 'POST', headers, body });
    expect(answer).toMatchObject({ status: 303, headers: { location: 'https://idp.example/auth?x=1' } });
  });

  const other = `__Host-ecs-login=${'o'.repeat(43)}`;

  it.each<[how: string, press: { headers: Record<string, string>; csrf?: string; says: string }]>([
    ['without a cookie', { headers: {}, says: 'needs a cookie' }],
    ['with the cookie of another browser', { headers: { cookie: other }, says: 'not come from' }],
    ['with a made-up field', { headers: { cookie }, csrf: 'guess', says: 'not come from' }],
    ['without the field', { headers: { cookie }, csrf: '', says: 'not come from' }],
    ['from another site', { headers: { cookie, 'sec-fetch-site': 'cross-site' }, says: 'not come from' }],
    ['from a neighbouring host', { headers: { cookie, 'sec-fetch-site': 'same-site' }, says: 'not come from' }],
  ])('pressed %s does nothing', async (_how, { headers, csrf, says }) => {
    const body = new URLSearchParams({ csrf: csrf ?? csrfOf(await ask({})) }).toString();
    const answer = await ask({ method: 'POST', headers, body });
    expect(answer.status).toBe(403);
    expect(answer.body).toContain(says);
    expect(answer.headers['location']).toBeUndefined();
  });
});

describe('a page that fails for a reason nobody foresaw', () => {
  it('gives a reference that the log holds, and not the reason', async () => {
    const lines: unknown[] = [];
    const broken = { ...web, look: () => Promise.reject(new Error('ECONNREFUSED 10.0.0.7:6379')) };
    const log = { ...quiet, error: (facts: unknown) => void lines.push(facts) };
    const page = await ask({}, { web: broken, log });
    expect(page.status).toBe(500);
    expect(page.body).not.toContain('10.0.0.7');
    expect(page.body).toContain('SSSSSSSS');
    expect(lines).toEqual([expect.objectContaining({ reference: 'SSSSSSSS' })]);
  });
});
