// Who may import whom, enforced: features on top, edges below, and only slack/ knows Bolt.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

type Module = { path: string; text: string; imports: string[] };

const SRC = resolve('src');

const MODULES: Module[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path, text: readFileSync(join(SRC, path), 'utf8') }))
  .map((module) => ({ ...module, imports: importsOf(module.path, module.text) }));

/** Relative imports become paths below src/; packages stay as they are. Type imports count too. */
function importsOf(path: string, text: string): string[] {
  return [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(([, target = '']) =>
    target.startsWith('.') ? relative(SRC, resolve(SRC, dirname(path), target)) : target,
  );
}

const LEAVES = ['errors.ts', 'http.ts', 'http-allowed.ts', 'clock.ts', 'log.ts'];
const EDGES = ['slack', 'openstack', 'redis'];

/** Folder → the folders and root files it may import besides itself and the leaves. */
const MAY_IMPORT: Record<string, string[]> = {
  slack: [],
  openstack: [],
  redis: [],
  auth: EDGES,
  workflow: EDGES,
  watch: [...EDGES, 'workflow'],
  resize: [...EDGES, 'auth', 'watch', 'workflow'],
  secrets: ['auth', 'redis', 'slack'],
  creation: [...EDGES, 'auth', 'secrets', 'watch', 'workflow'],
  errands: [...EDGES, 'auth', 'resize', 'workflow'],
  commands: ['resize', 'errands', 'creation', 'secrets', 'auth', 'watch', 'openstack', 'slack'],
  home: ['commands', 'resize', 'auth', 'slack'],
};

/** The resize rules are pure: they decide, others act. */
const PURE = /^resize\/(request|plan|preflight|policy|decide|advance|cards|words)\.ts$/;

function folderOf(path: string): string {
  return path.includes('/') ? (path.split('/')[0] ?? '') : path;
}

function isOwn(target: string): boolean {
  return target.endsWith('.ts');
}

describe('the house', () => {
  it.each(Object.keys(MAY_IMPORT))('%s/ imports only what its place allows', (folder) => {
    const allowed = new Set([folder, ...LEAVES, ...(MAY_IMPORT[folder] ?? [])]);
    const wrong = MODULES.filter((module) => folderOf(module.path) === folder).flatMap((module) =>
      module.imports
        .filter((target) => isOwn(target) && !allowed.has(folderOf(target)))
        .map((target) => `${module.path} → ${target}`),
    );

    expect(wrong).toEqual([]);
  });

  it('keeps Bolt and the Web API inside slack/', () => {
    const wrong = MODULES.filter((module) => module.imports.some((target) => /^@slack\/(bolt|web-api)/.test(target)))
      .map((module) => module.path)
      .filter((path) => !path.startsWith('slack/'));

    expect(wrong).toEqual([]);
  });

  it('keeps Redis libraries inside redis/ and pino inside log.ts', () => {
    const wrong = MODULES.filter((module) => !module.path.startsWith('redis/') && module.path !== 'log.ts')
      .filter((module) => module.imports.some((target) => /^(ioredis|bullmq|pino)$/.test(target)))
      .map((module) => module.path);

    expect(wrong).toEqual([]);
  });

  it('reads the environment in config.ts only', () => {
    const wrong = MODULES.filter((module) => module.path !== 'config.ts' && /process\.env/.test(module.text));

    expect(wrong.map((module) => module.path)).toEqual([]);
  });

  it('decides resizes without a clock, randomness or an edge', () => {
    const impure = /Date\.now|new Date\(\)|Math\.random|randomUUID|process\.|setTimeout/;
    const wrong = MODULES.filter((module) => PURE.test(module.path)).flatMap((module) => [
      ...(impure.test(module.text) ? [`${module.path}: reads the world`] : []),
      ...module.imports
        .filter((target) => isOwn(target) && !PURE.test(target) && /^(redis|auth|watch|commands)/.test(target))
        .map((target) => `${module.path} → ${target}`),
    ]);

    expect(MODULES.filter((module) => PURE.test(module.path)).length).toBeGreaterThan(5);
    expect(wrong).toEqual([]);
  });

  it('has no default exports, enums, `any` or assertions that a value is there', () => {
    const wrong = MODULES.filter((module) => /export default|^\s*(export )?enum |: any\b|as any\b/m.test(module.text));

    expect(wrong.map((module) => module.path)).toEqual([]);
  });

  it('does not know that it is being tested or shown', () => {
    const wrong = MODULES.filter((module) => /simulat|\bdemo\b|\bmock|NODE_ENV/i.test(module.text));

    expect(wrong.map((module) => module.path)).toEqual([]);
  });

  it('imports nothing from test/ and nothing from app.ts except in main.ts', () => {
    const wrong = MODULES.filter((module) =>
      module.imports.some((target) => target.startsWith('../') || (target === 'app.ts' && module.path !== 'main.ts')),
    );

    expect(wrong.map((module) => module.path)).toEqual([]);
  });
});
