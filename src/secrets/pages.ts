// The page that shows a secret once: first whose it is and what, and only after a click the secret itself.
import { createGuard, type Guard } from '../auth/page-guard.ts';
import type { HttpRequest, HttpResponse, HttpRoute } from '../http.ts';
import type { Log } from '../log.ts';
import type { Person } from '../slack/reply.ts';
import { renderFailure, renderOffer, renderProblem, renderSecret, type Owner, type Problem } from './page-html.ts';
import type { Secrets } from './secrets.ts';

export type SecretPagesDeps = {
  secrets: Pick<Secrets, 'byTicket' | 'look' | 'take'>;
  /** Asks Slack; never throws. */
  nameOf(person: Person): Promise<{ userName: string; teamName: string }>;
  log: Log;
  /** PUBLIC_URL. */
  publicUrl: string;
  /** SLACK_COMMAND. */
  command: string;
  /** How long a link works. */
  linkTtlMs: number;
  /** 256 random bits, URL-safe. */
  randomSecret(): string;
};

const STATUS: Record<Problem, number> = { gone: 410, no_cookie: 403, not_from_page: 403 };

type Pages = SecretPagesDeps & { guard: Guard };

/** `GET /secret/:ticket` consumes nothing, since previews open links too; `POST /secret/:ticket` shows the secret once. */
export function secretRoutes(deps: SecretPagesDeps): HttpRoute[] {
  const { publicUrl, linkTtlMs: ttlMs, randomSecret } = deps;
  const pages = { ...deps, guard: createGuard({ publicUrl, ttlMs, randomSecret, name: 'ecs-secret' }) };
  const guarded = (handle: (pages: Pages, request: HttpRequest) => Promise<HttpResponse>) => (request: HttpRequest) =>
    handle(pages, request).catch((error: unknown) => failure(pages, error));
  return [
    { method: 'GET', path: '/secret/:ticket', handle: guarded(showOffer) },
    { method: 'POST', path: '/secret/:ticket', handle: guarded(showSecret) },
  ];
}

async function showOffer(pages: Pages, request: HttpRequest): Promise<HttpResponse> {
  const ticket = request.params['ticket'] ?? '';
  const ref = await pages.secrets.byTicket(ticket);
  const kept = ref && (await pages.secrets.look(ref));
  if (!ref || !kept) return problem(pages, 'gone');
  const owner: Owner = { person: ref.person, ...(await pages.nameOf(ref.person)) };
  return pages.guard.form(request, ticket, (csrf) => renderOffer({ title: kept.title, owner }, csrf));
}

async function showSecret(pages: Pages, request: HttpRequest): Promise<HttpResponse> {
  const ticket = request.params['ticket'] ?? '';
  const submitted = pages.guard.submitted(request, ticket);
  if (typeof submitted === 'string') return problem(pages, submitted);
  const ref = await pages.secrets.byTicket(ticket);
  const kept = ref && (await pages.secrets.take(ref));
  if (!ref || !kept) return problem(pages, 'gone');
  pages.log.info({ ...ref.person, secret: ref.id }, 'a secret was shown to its owner');
  return pages.guard.page(200, renderSecret(kept));
}

function problem(pages: Pages, kind: Problem): HttpResponse {
  return pages.guard.page(STATUS[kind], renderProblem(kind, pages.command));
}

function failure(pages: Pages, err: unknown): HttpResponse {
  const reference = pages.randomSecret().slice(0, 8);
  pages.log.error({ err, reference }, 'a page with a secret failed');
  return pages.guard.page(500, renderFailure(reference));
}
