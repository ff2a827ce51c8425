// Which scope each Web API method needs, and the scopes the app's manifest asks for.
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

const MANIFEST = new URL('../../../manifest.yml', import.meta.url);

/** What a token gets when there is no manifest to read. */
const LEAST = ['commands', 'chat:write', 'im:write', 'users:read', 'channels:read', 'groups:read'];

type Manifest = { oauth_config?: { scopes?: { bot?: string[] } } };

/** The bot scopes of the repository's `manifest.yml`. */
export function manifestScopes(): string[] {
  if (!existsSync(MANIFEST)) return LEAST;
  const manifest = parse(readFileSync(MANIFEST, 'utf8')) as Manifest;
  return manifest.oauth_config?.scopes?.bot ?? [];
}
