// The three sign-in routes: cookies, headers and status codes around the pages.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpRequest, HttpResponse, HttpRoute } from '../http.ts';
import type { Log } from '../log.ts';
import { renderFailure, renderInvitation, renderProblem, renderProof, STYLE } from './page-html.ts';
import type { Problem, WebLogin } from './web-login.ts';

export type PagesDeps = {
  web: WebLogin;
  log: Log;
  /** PUBLIC_URL: decides what the cookie may demand of the browser. */
  publicUrl: string;
  /** The identity provider's, for the policy on forms. */
  issuer: string | null;
  /** SLACK_COMMAND. */
  command: string;
  /** LOGIN_TTL. */
  ttlMs: number;
  /** 256 random bits, URL-safe. */
  randomSecret(): string;
};

const STATUS: Record<Problem | 'no_cookie' | 'not_from_page', number> = {
  dead_link: 410,
  unknown_trip: 410,
  other_browser: 403,
  in_progress: 409,
  denied: 403,
  provider_away: 503,
  provider_refuses: 502,
  cloud_away: 503,
  cloud_refuses: 403,
  no_cookie: 403,
  not_from_page: 403,
};

type Pages = PagesDeps & { headers: Record<string, string>; cookieName: string };

/** `GET /login/callback`, `GET /login/:ticket`, `POST /login/:ticket`. The first must be matched before the second. */
export function loginRoutes(deps: PagesDeps): HttpRoute[] {
  const pages = { ...deps, headers: pageHeaders(deps.issuer), cookieName: cookieName(deps.publicUrl) };
  const guarded = (handle: (pages: Pages, request: HttpRequest) => Promise<HttpResponse>) => (request: HttpRequest) =>
    handle(pages, request).catch((error: unknown) => failure(pages, error));
  return [
    { method: 'GET', path: '/login/callback', handle: guarded(showProof) },
    { method: 'GET', path: '/login/:ticket', handle: guarded(showInvitation) },
    { method: 'POST', path: '/login/:ticket', handle: guarded(acceptInvitation) },
  ];
}

async function showInvitation(pages: Pages, request: HttpRequest): Promise<HttpResponse> {
  const ticket = request.params['ticket'] ?? '';
  const invitation = await pages.web.look(ticket);
  if (typeof invitation === 'string') return problemPage(pages, invitation);
  const browser = readCookie(pages, request) ?? pages.randomSecret();
  const page = htmlPage(pages, 200, renderInvitation(invitation, csrfToken(browser, ticket)));
  return { ...page, headers: { ...page.headers, 'set-cookie': cookie(pages, browser) } };
}

async function acceptInvitation(pages: Pages, request: HttpRequest): Promise<HttpResponse> {
  const ticket = request.params['ticket'] ?? '';
  const browser = readCookie(pages, request);
  if (browser === null) return problemPage(pages, 'no_cookie');
  if (!isFromOurPage(request, csrfToken(browser, ticket))) return problemPage(pages, 'not_from_page');
  const next = await pages.web.proceed(ticket, browser);
  if (typeof next === 'string') return problemPage(pages, next);
  return { status: 303, headers: { ...pages.headers, location: next.url }, body: '' };
}

async function showProof(pages: Pages, request: HttpRequest): Promise<HttpResponse> {
  const proof = await pages.web.comeBack(request.query, readCookie(pages, request));
  return typeof proof === 'string' ? problemPage(pages, proof) : htmlPage(pages, 200, renderProof(proof, pages));
}

/**
 * Another site can send a form here, but neither read our cookie nor compute what hangs on it. Not by `Origin`: under our
 * referrer policy browsers send `null` there (Fetch, "append a request Origin header").
 */
function isFromOurPage(request: HttpRequest, expected: string): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  const given = Buffer.from(new URLSearchParams(request.body).get('csrf') ?? '');
  const wanted = Buffer.from(expected);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function csrfToken(browser: string, ticket: string): string {
  return createHash('sha256').update(`csrf ${browser} ${ticket}`).digest('base64url');
}

/** The prefix makes browsers refuse the cookie from a neighbouring host; they know it on https only. */
function cookieName(publicUrl: string): string {
  return isHttps(publicUrl) ? '__Host-ecs-login' : 'ecs-login';
}

/** Lax: the browser must bring it along when the identity provider sends it back. */
function cookie({ cookieName: name, publicUrl, ttlMs }: Pages, browser: string): string {
  const seconds = Math.ceil((ttlMs * 3) / 1000);
  const secure = isHttps(publicUrl) ? '; Secure' : '';
  return `${name}=${browser}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
}

/** As `randomSecret` makes them; anything else was not set by us. */
const SECRET = /^[\w-]{43}$/;

function readCookie({ cookieName: name }: Pages, request: HttpRequest): string | null {
  const pairs = (request.headers['cookie'] ?? '').split(';').map((pair) => pair.trim());
  const value = pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
  return value !== undefined && SECRET.test(value) ? value : null;
}

function isHttps(address: string): boolean {
  return new URL(address).protocol === 'https:';
}

function problemPage(pages: Pages, problem: keyof typeof STATUS): HttpResponse {
  return htmlPage(pages, STATUS[problem], renderProblem(problem, pages));
}

function failure(pages: Pages, error: unknown): HttpResponse {
  const reference = pages.randomSecret().slice(0, 8);
  pages.log.error({ err: error, reference }, 'a sign-in page failed');
  return htmlPage(pages, 500, renderFailure(reference, pages));
}

function htmlPage({ headers }: Pages, status: number, body: string): HttpResponse {
  return { status, headers: { ...headers, 'content-type': 'text/html; charset=utf-8' }, body };
}

function pageHeaders(issuer: string | null): Record<string, string> {
  return {
    'content-security-policy': policy(issuer),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-robots-tag': 'noindex',
  };
}

/**
 * `form-action` also covers where the form's answer redirects to, and providers send people on to hosts that nobody here
 * can know: so any https address, and http only where the provider itself is plain http.
 */
function policy(issuer: string | null): string {
  const style = createHash('sha256').update(STYLE).digest('base64');
  const plain = issuer !== null && !isHttps(issuer) ? ' http:' : '';
  return [
    "default-src 'none'",
    `style-src 'sha256-${style}'`,
    `form-action 'self' https:${plain}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}
