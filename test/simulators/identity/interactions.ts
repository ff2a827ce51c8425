// The page between "sign in" and the way back: who are you?
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import { renderPeople, renderProblem } from './pages.ts';
import type { IdentitySettings } from './types.ts';

type Parts = { provider: Provider; settings: IdentitySettings };

const INTERACTION = /^\/interaction\/[\w-]+$/;

export function createHandler(parts: Parts) {
  const answer = parts.provider.callback();
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (!INTERACTION.test(path)) {
      if (path.startsWith('/auth') && !parts.settings.remembersPeople) forgetSession(request);
      answer(request, response);
      return;
    }
    try {
      await (request.method === 'POST' ? submit : show)(parts, request, response);
    } catch {
      sendHtml(response, 400, renderProblem('This sign-in has expired. Go back and start again.'));
    }
  };
}

/** Without its session cookies (`_session`, `_session.sig`, …) a browser is nobody yet, whoever signed in with it before. */
function forgetSession(request: IncomingMessage): void {
  const cookies = (request.headers.cookie ?? '').split('; ');
  request.headers.cookie = cookies.filter((cookie) => !cookie.startsWith('_session')).join('; ');
}

async function show(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { params } = await parts.provider.interactionDetails(request, response);
  const hinted = parts.settings.users.find((user) => user.login === params.login_hint);
  if (hinted) await parts.provider.interactionFinished(request, response, signIn(hinted.login));
  else sendHtml(response, 200, renderPeople(parts.settings.users));
}

async function submit(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const form = new URLSearchParams(await readBody(request));
  const login = form.get('account');
  const known = parts.settings.users.some((user) => user.login === login);
  await parts.provider.interactionFinished(request, response, known && login ? signIn(login) : REFUSED);
}

const REFUSED = { error: 'access_denied', error_description: 'The person pressed Cancel' };

function signIn(accountId: string): object {
  return { login: { accountId, remember: true } };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function sendHtml(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(html);
}
