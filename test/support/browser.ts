// A browser as far as signing in needs one: cookies per host and port, redirects, links and forms of plain HTML.

export type Page = { url: string; status: number; html: string };

export class Browser {
  readonly #cookies = new Map<string, Map<string, string>>();

  /** Follows redirects. */
  async open(url: string): Promise<Page> {
    return this.#load(url, { method: 'GET' });
  }

  /** Sends the page's form (the one with `button` in it, when there are several) with its hidden fields and `values`. */
  async submit(page: Page, values: Record<string, string> = {}, button?: string): Promise<Page> {
    const form = formsOf(page.html).find((candidate) => !button || candidate.html.includes(button));
    if (!form) throw new Error(`no form ${button ?? ''} on ${page.url}:\n${page.html.slice(0, 400)}`);
    const body = new URLSearchParams({ ...form.fields, ...values });
    return this.#load(new URL(form.action || page.url, page.url).href, {
      method: 'POST',
      body: body.toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(page.url).origin },
    });
  }

  async #load(url: string, init: { method: string; body?: string; headers?: Record<string, string> }): Promise<Page> {
    const cookie = [...this.#jar(url)].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { ...init, headers: { ...init.headers, cookie }, redirect: 'manual' });
    this.#keep(url, answer.headers.getSetCookie());
    const next = answer.headers.get('location');
    if (next && answer.status >= 300 && answer.status < 400) {
      await answer.body?.cancel();
      return this.#load(new URL(next, url).href, { method: 'GET' });
    }
    return { url, status: answer.status, html: await answer.text() };
  }

  #jar(url: string): Map<string, string> {
    const { host } = new URL(url);
    const jar = this.#cookies.get(host) ?? new Map<string, string>();
    this.#cookies.set(host, jar);
    return jar;
  }

  #keep(url: string, lines: string[]): void {
    const jar = this.#jar(url);
    for (const line of lines) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      const gone = /max-age=0|expires=Thu, 01 Jan 1970/i.test(line);
      if (gone) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
  }
}

type Form = { action: string; fields: Record<string, string>; html: string };

function formsOf(html: string): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, attributes = '', inner = '']) => ({
    action: unescape(/action="([^"]*)"/.exec(attributes)?.[1] ?? ''),
    html: inner,
    fields: Object.fromEntries(
      [...inner.matchAll(/<input\b([^>]*)>/g)]
        .map(([, input = '']) => [/name="([^"]*)"/.exec(input)?.[1], /value="([^"]*)"/.exec(input)?.[1] ?? ''] as const)
        .filter((field): field is readonly [string, string] => field[0] !== undefined)
        .map(([name, value]) => [unescape(name), unescape(value)]),
    ),
  }));
}

function unescape(text: string): string {
  const named: Record<string, string> = {
    '&amp;': '&',
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
    '&#x27;': "'",
  };
  return text.replaceAll(/&(?:amp|lt|gt|quot|#39|#x27);/g, (entity) => named[entity] ?? entity);
}
