// The three sign-in routes: which page is shown when, and with which status.
import type { HttpRequest, HttpResponse, HttpRoute } from '../http.ts';
import type { Log } from '../log.ts';
import { createGuard, isHttps, type Guard } from './page-guard.ts';
import { renderFailure, renderInvitation, renderProblem, renderProof } from './page-html.ts';
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
  cloud_not_set_up: 502,
  no_cookie: 403,
  not_from_page: 403,
};

type Pages = PagesDeps & { guard: Guard };

/** `GET /login/callback`, `GET /login/:ticket`, `POST /login/:ticket`. The first must be matched before the second. */
export function loginRoutes(deps: PagesDeps): HttpRoute[] {
  const { publicUrl, ttlMs, randomSecret } = deps;
  // Link, trip and code may each take LOGIN_TTL.
  const remembered = { name: 'ecs-login', ttlMs: ttlMs * 3 };
  const guard = createGuard({ publicUrl, randomSecret, ...remembered, formTargets: formTargets(deps.issuer) });
  const pages = { ...deps, guard };
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
  return pages.guard.form(request, ticket, (csrf) => renderInvitation(invitation, csrf));
}

async function acceptInvitation(pages: Pages, request: HttpRequest): Promise<HttpResponse> {
  const ticket = request.params['ticket'] ?? '';
  const submitted = pages.guard.submitted(request, ticket);
  if (typeof submitted === 'string') return problemPage(pages, submitted);
  const next = await pages.web.proceed(ticket, submitted.browser);
  if (typeof next === 'string') return problemPage(pages, next);
  return { status: 303, headers: { ...pages.guard.headers, location: next.url }, body: '' };
}

async function showProof(pages: Pages, request: HttpRequest): Promise<HttpResponse> {
  const proof = await pages.web.comeBack(request.query, pages.guard.browser(request));
  return typeof proof === 'string' ? problemPage(pages, proof) : pages.guard.page(200, renderProof(proof, pages));
}

function problemPage(pages: Pages, problem: keyof typeof STATUS): HttpResponse {
  return pages.guard.page(STATUS[problem], renderProblem(problem, pages));
}

function failure(pages: Pages, error: unknown): HttpResponse {
  const reference = pages.randomSecret().slice(0, 8);
  pages.log.error({ err: error, reference }, 'a sign-in page failed');
  return pages.guard.page(500, renderFailure(reference, pages));
}

/**
 * The policy on forms also covers where the form's answer redirects to, and providers send people on to hosts that nobody
 * here can know: so any https address, and http only where the provider itself is plain http.
 */
function formTargets(issuer: string | null): string {
  return issuer !== null && !isHttps(issuer) ? ' https: http:' : ' https:';
}
