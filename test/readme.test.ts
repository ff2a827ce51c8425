// What README.md says of the code, compared with the code: commands, house, dependencies, variables, scripts, metrics, files.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/commands/index.ts';
import { createMetrics } from '../src/metrics.ts';

const README = readFileSync('README.md', 'utf8');
const PACKAGE = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
  'scripts' | 'dependencies' | 'devDependencies',
  Record<string, string>
>;

/** Between `<!-- name -->` and `<!-- /name -->`. */
function part(name: string): string {
  const [, text = ''] = new RegExp(`<!-- ${name} -->\n([^]*?)<!-- /${name} -->`).exec(README) ?? [];
  return text;
}

function section(title: string): string {
  return README.split(/^##+ /m).find((text) => text.startsWith(`${title}\n`)) ?? '';
}

function all(pattern: RegExp, text = README): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))];
}

describe('the README', () => {
  it('lists every command as `help` does', () => {
    const rows = commands.map(({ name, summary }) => `| \`${name}\` | ${summary} |\n`);
    expect(part('commands')).toBe(`| \`/ecs …\` | |\n|---|---|\n${rows.join('')}`);
  });

  it('shows every folder and file of the house, and no other', () => {
    const tree = section('How it is built').split('```')[1] ?? '';
    const [, house = ''] = /^src\/\n([^]*?)^test\//m.exec(tree) ?? [];
    const shown = all(/(?<=^ {2}|^ {2}(?:[\w-]+\.ts )+)([\w-]+(?:\/|\.[jt]s))/gm, house);
    const there = readdirSync('src', { withFileTypes: true }).map((one) => one.name + (one.isDirectory() ? '/' : ''));
    expect(shown.toSorted()).toEqual(there.toSorted());
  });

  it('gives a reason for every dependency', () => {
    const listed = all(/^\| `([^`]+)` \| \S/gm, section('Dependencies'));
    expect(listed.toSorted()).toEqual(Object.keys(PACKAGE.dependencies).toSorted());
  });

  it('names only variables, scripts, metrics and files that there are', () => {
    const variables = readFileSync('.env.example', 'utf8');
    const others = [
      'DEMO_CLOUD',
      'OS_USERNAME',
      'OS_PASSWORD',
      'OS_PROJECT_NAME',
      'SLACK_CLIENT_ID',
      'POLICY_FILE',
      'VERIFY_RESIZE',
    ];
    const unknown = [
      ...all(/`([A-Z]+_[A-Z_]+)(?:=[^`]*)?`/g).filter((name) => !variables.includes(name) && !others.includes(name)),
      ...all(/npm run ([\w:]+)/g).filter((name) => !(name in PACKAGE.scripts)),
      ...all(/\]\(((?!http)[^)]+)\)/g).filter((path) => !existsSync(path)),
      ...all(/src="([^"]+)"/g).filter((path) => !existsSync(path)),
      ...all(/\b((?:src|test)\/[\w/.-]*\w)/g).filter(
        (path) => !existsSync(path) && path !== 'src/commands/server/uptime.ts',
      ),
      ...all(/\(((?:resize|redis)\/[\w-]+\.ts)\)/g).filter((path) => !existsSync(`src/${path}`)),
    ];
    expect(unknown).toEqual([]);
  });

  it('names every metric of our own', async () => {
    const names = (await createMetrics().registry.getMetricsAsJSON()).map(({ name }) => name);
    const own = names.filter((name) => !/^ecs_(process|nodejs)_/.test(name));
    expect(all(/`(ecs_\w+[a-z])`/g).toSorted()).toEqual(own.toSorted());
  });
});
