// One request and its answer, free of node:http, and the small router that the services share.

export type Exchange = {
  method: string;
  /** Decoded below the service's root, e.g. `/servers/detail`. */
  path: string;
  /** As it came, undecoded, for links and logs. */
  fullPath: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: string;
  requestId: string;
};

/** `body`: a string is sent as it is, anything else as JSON, undefined as nothing. */
export type Answer = { status: number; headers?: Record<string, string | string[]>; body?: unknown };

/** An answer that ends the handling wherever it is thrown. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`refused with ${answer.status}`);
    this.answer = answer;
  }
}

/** Headers that stand on every answer, refusals included. */
export async function withHeaders(headers: Answer['headers'], work: () => Promise<Answer>): Promise<Answer> {
  const add = (answered: Answer): Answer => ({ ...answered, headers: { ...headers, ...answered.headers } });
  try {
    return add(await work());
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(add(error.answer));
  }
}

/** `{name}` segments reach the handler by name. */
export type Route<C> = {
  method: string;
  path: string;
  handle(exchange: C, params: Record<string, string>): Answer | Promise<Answer>;
};

export type Match<C> = { route: Route<C>; params: Record<string, string> };

/** The route that fits; `wrong_method` when only the path does. */
export function findRoute<C>(routes: Route<C>[], method: string, path: string): Match<C> | 'wrong_method' | null {
  let pathFits = false;
  for (const route of routes) {
    const params = matchPath(route.path, path);
    if (params === null) continue;
    if (route.method === method) return { route, params };
    pathFits = true;
  }
  return pathFits ? 'wrong_method' : null;
}

function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const segment = given[index] ?? '';
    if (part.startsWith('{')) params[part.slice(1, -1)] = decodeURIComponent(segment);
    else if (part !== segment) return null;
  }
  return params;
}

/** Whether the caller asked for JSON by name; WebOb's own error pages are HTML otherwise. */
export function wantsJson(headers: Record<string, string>): boolean {
  return (headers['accept'] ?? '').includes('application/json');
}

/** The error page of WebOb, which speaks before any service does. */
export function webobError(exchange: Exchange, status: string, text: string): Answer {
  const [code = '500'] = status.split(' ');
  const title = status.slice(code.length + 1);
  if (wantsJson(exchange.headers)) {
    return { status: Number(code), body: { message: text, code: status, title } };
  }
  const page = `<html>\n <head>\n  <title>${status}</title>\n </head>\n <body>\n  <h1>${status}</h1>\n  ${text}\n </body>\n</html>`;
  return { status: Number(code), headers: { 'Content-Type': 'text/html; charset=UTF-8' }, body: page };
}

/** The page of unknown addresses. */
export function webobNotFound(exchange: Exchange): Answer {
  return webobError(exchange, '404 Not Found', 'The resource could not be found.<br /><br />\n\n\n');
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
