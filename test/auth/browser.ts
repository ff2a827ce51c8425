// A browser without script: follows redirects, keeps cookies per origin, fills in forms.

/** `location` is where a redirect that was not followed leads. */
export type Page = { url: string; status: number; html: string; headers: Headers; location: string | null };

export type Browser = {
  open(url: string): Promise<Page>;
  /** Sends the page's form with its hidden fields and `fields`, as pressing the button would. */
  submit(page: Page, fields?: Record<string, string>): Promise<Page>;
  /** As `submit`, but stops at the first redirect, so that a test can look at where it leads. */
  press(page: Page, fields?: Record<string, string>): Promise<Page>;
};

const MOST_REDIRECTS = 10;

/** Redirects to addresses that begin with `stopAt` are not followed. */
export function openBrowser(stopAt: string | null = null): Browser {
  const jars = new Map<string, Map<string, string>>();
  const visit = async (url: string, form: URLSearchParams | null): Promise<Page> => {
    const response = await fetch(url, {
      method: form === null ? 'GET' : 'POST',
      redirect: 'manual',
      headers: { cookie: cookies(jars, url) },
      ...(form === null ? {} : { body: form }),
    });
    keep(jars, url, response.headers.getSetCookie());
    const to = response.headers.get('location');
    const location = to === null ? null : new URL(to, url).href;
    return { url, status: response.status, html: await response.text(), headers: response.headers, location };
  };
  const follow = async (first: Page): Promise<Page> => {
    let page = first;
    for (let left = MOST_REDIRECTS; page.location !== null; left -= 1) {
      if (stopAt !== null && page.location.startsWith(stopAt)) return page;
      if (left === 0) throw new Error(`redirected more than ${MOST_REDIRECTS} times, last to ${page.url}`);
      page = await visit(page.location, null);
    }
    return page;
  };
  return {
    open: async (url) => follow(await visit(url, null)),
    submit: async (page, fields) => follow(await visit(page.url, formOf(page, fields))),
    press: (page, fields) => visit(page.url, formOf(page, fields)),
  };
}

function formOf(page: Page, fields: Record<string, string> = {}): URLSearchParams {
  if (!page.html.includes('<form')) throw new Error(`${page.url} shows no form:\n${page.html}`);
  const hidden = [...page.html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  return new URLSearchParams([
    ...hidden.map(([, name, value]): [string, string] => [name ?? '', value ?? '']),
    ...Object.entries(fields),
  ]);
}

function cookies(jars: Map<string, Map<string, string>>, url: string): string {
  const jar = jars.get(new URL(url).origin) ?? new Map<string, string>();
  return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
}

/** Real browsers keep one jar per host whatever the port; here a jar per origin keeps two local servers apart. */
function keep(jars: Map<string, Map<string, string>>, url: string, lines: string[]): void {
  const { origin } = new URL(url);
  const jar = jars.get(origin) ?? new Map<string, string>();
  jars.set(origin, jar);
  for (const line of lines) {
    const [pair = '', ...attributes] = line.split('; ');
    const at = pair.indexOf('=');
    const gone = attributes.some((one) => /^max-age=0$/i.test(one) || /^expires=thu, 01 jan 1970/i.test(one));
    if (gone) jar.delete(pair.slice(0, at));
    else jar.set(pair.slice(0, at), pair.slice(at + 1));
  }
}
