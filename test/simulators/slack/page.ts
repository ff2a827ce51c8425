// Serves the demo page's files, and nothing outside their folder.
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { sendText } from './http.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json; charset=utf-8',
};

export type Page = { dir: string; connectTo: string[] };

/** `path` as in the URL; `/` is `index.html`. */
export async function servePage(page: Page, path: string, response: ServerResponse): Promise<void> {
  const relative = normalize(decodeURIComponent(path === '/' ? '/index.html' : path));
  const type = TYPES[extname(relative)];
  const file = await contents(page.dir, relative);
  if (type === undefined || file === null) return sendText(response, 404, 'not found');
  response.writeHead(200, {
    'content-type': type,
    'content-security-policy': policy(page.connectTo),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
  response.end(file);
}

async function contents(dir: string, relative: string): Promise<Buffer | null> {
  if (relative.includes('\0') || relative.split(sep).includes('..')) return null;
  try {
    return await readFile(join(dir, relative));
  } catch {
    return null;
  }
}

function policy(connectTo: string[]): string {
  const connect = ["'self'", ...connectTo].join(' ');
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: https:",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
