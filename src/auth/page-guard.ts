// What guards our web pages: a cookie that ties a page to one browser, a token in each form that hangs on it, and headers
// that let nobody frame, keep or script the page.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpRequest, HttpResponse } from '../http.ts';
import { STYLE } from './page-html.ts';

export type GuardDeps = {
  /** PUBLIC_URL: decides what the cookie may demand of the browser. */
  publicUrl: string;
  /** Of the cookie; tells the bot's kinds of pages apart. */
  name: string;
  /** How long a browser is remembered. */
  ttlMs: number;
  /** 256 random bits, URL-safe. */
  randomSecret(): string;
  /** Where forms may lead beside our own pages, as sources of the policy, e.g. ` https:`. */
  formTargets?: string;
};

export type Guard = {
  headers: Record<string, string>;
  page(status: number, body: string): HttpResponse;
  /** A page with a form for whatever `subject` names, tied to this browser. */
  form(request: HttpRequest, subject: string, render: (csrf: string) => string): HttpResponse;
  /** The secret of this browser, when the form really came from our page about `subject`. */
  submitted(request: HttpRequest, subject: string): { browser: string } | 'no_cookie' | 'not_from_page';
  /** Null: this browser has none of our cookies. */
  browser(request: HttpRequest): string | null;
};

export function createGuard(deps: GuardDeps): Guard {
  const headers = pageHeaders(deps.formTargets ?? '');
  const page = (status: number, body: string): HttpResponse => ({
    status,
    headers: { ...headers, 'content-type': 'text/html; charset=utf-8' },
    body,
  });
  return {
    headers,
    page,
    form(request, subject, render) {
      const browser = readCookie(deps, request) ?? deps.randomSecret();
      const shown = page(200, render(csrfToken(browser, subject)));
      return { ...shown, headers: { ...shown.headers, 'set-cookie': cookie(deps, browser) } };
    },
    submitted(request, subject) {
      const browser = readCookie(deps, request);
      if (browser === null) return 'no_cookie';
      return isFromOurPage(request, csrfToken(browser, subject)) ? { browser } : 'not_from_page';
    },
    browser: (request) => readCookie(deps, request),
  };
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

function csrfToken(browser: string, subject: string): string {
  return createHash('sha256').update(`csrf ${browser} ${subject}`).digest('base64url');
}

/** The prefix makes browsers refuse the cookie from a neighbouring host; they know it on https only. */
function cookieName({ publicUrl, name }: GuardDeps): string {
  return isHttps(publicUrl) ? `__Host-${name}` : name;
}

/** Lax: the browser must bring it along when another site, such as the identity provider, sends it back. */
function cookie(deps: GuardDeps, browser: string): string {
  const secure = isHttps(deps.publicUrl) ? '; Secure' : '';
  const seconds = Math.ceil(deps.ttlMs / 1000);
  return `${cookieName(deps)}=${browser}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
}

/** As `randomSecret` makes them; anything else was not set by us. */
const SECRET = /^[\w-]{43}$/;

function readCookie(deps: GuardDeps, request: HttpRequest): string | null {
  const prefix = `${cookieName(deps)}=`;
  const pairs = (request.headers['cookie'] ?? '').split(';').map((pair) => pair.trim());
  const value = pairs.find((pair) => pair.startsWith(prefix))?.slice(prefix.length);
  return value !== undefined && SECRET.test(value) ? value : null;
}

export function isHttps(address: string): boolean {
  return new URL(address).protocol === 'https:';
}

function pageHeaders(formTargets: string): Record<string, string> {
  const style = createHash('sha256').update(STYLE).digest('base64');
  return {
    'content-security-policy': [
      "default-src 'none'",
      `style-src 'sha256-${style}'`,
      `form-action 'self'${formTargets}`,
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join('; '),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-robots-tag': 'noindex',
  };
}
