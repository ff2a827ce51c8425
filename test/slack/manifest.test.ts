import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import * as addFormats from 'ajv-formats';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

const TEXT = readFileSync('manifest.yml', 'utf8');
const SCHEMAS = 'test/fixtures/slack/manifest-schema';
/** The index refers to the versions by these addresses. */
const VERSIONS = 'https://raw.githubusercontent.com/slackapi/manifest-schema/v0.5.0/schemas';

/** https://docs.slack.dev/reference/methods: what each call needs; views.* and auth.test need nothing. */
const SCOPES: Record<string, string[]> = {
  'chat.postMessage': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.open': ['im:write'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history'],
  'users.info': ['users:read'],
  'team.info': ['team:read'],
  'views.update': [],
  'views.publish': [],
};

type Manifest = {
  features: { slash_commands: { command: string; should_escape: boolean }[]; app_home: Record<string, boolean> };
  oauth_config: { scopes: { bot: string[] } };
};
const manifest = parse(TEXT) as Manifest;

function readJson(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
}

function officialValidator() {
  // Slack's schemas use words of their own beside the standard ones.
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default.default(ajv);
  for (const version of ['1.0.0', '2.0.0']) {
    const name = `manifest.schema.${version}.json`;
    const { $id: _, ...schema } = readJson(`${SCHEMAS}/schemas/${name}`);
    ajv.addSchema(schema, `${VERSIONS}/${name}`);
  }
  return ajv.compile(readJson(`${SCHEMAS}/manifest.schema.json`));
}

it("keeps to Slack's own schema", () => {
  const validate = officialValidator();
  validate(manifest);
  expect(validate.errors ?? []).toEqual([]);
});

it('would be refused with a command that lacks its slash', () => {
  const validate = officialValidator();
  const broken = structuredClone(manifest);
  for (const command of broken.features.slash_commands) command.command = 'ecs';
  expect(validate(broken)).toBe(false);
});

it('asks for exactly the scopes that our calls need', () => {
  const sources = readdirSync('src/slack').map((file) => readFileSync(`src/slack/${file}`, 'utf8'));
  const methods = new Set(
    [...sources.join('\n').matchAll(/method: '([a-z]+\.[A-Za-z]+)'/g)].map(([, method]) => method ?? ''),
  );
  expect(Object.keys(SCOPES).toSorted()).toEqual([...methods].toSorted());
  const needed = ['commands', ...Object.values(SCOPES).flat()];
  expect(manifest.oauth_config.scopes.bot.toSorted()).toEqual([...new Set(needed)].toSorted());
});

it('gives a reason for each scope', () => {
  const scopes = TEXT.slice(TEXT.indexOf('bot:'), TEXT.indexOf('settings:')).match(/^ +- .*$/gm) ?? [];
  expect(scopes).toHaveLength(manifest.oauth_config.scopes.bot.length);
  for (const line of scopes) expect(line).toMatch(/ # \w+/);
});

it('lets direct messages and the Home tab arrive', () => {
  expect(manifest.features.app_home).toMatchObject({ home_tab_enabled: true, messages_tab_enabled: true });
});
