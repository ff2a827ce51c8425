// `npm test`: types, lint, format, dead code, then every test; ends with one line that counts the tests.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';

const RESULTS = 'test-output/results.json';

const CHECKS: [name: string, ...command: string[]][] = [
  ['types', 'tsc', '--noEmit'],
  ['page types', 'tsc', '-p', 'test/demo/page'],
  ['lint', 'oxlint', '--type-aware', '--deny-warnings', 'src', 'test'],
  ['format', 'oxfmt', '--check', 'src', 'test'],
  ['dead code', 'knip'],
];

type Results = { numPassedTests: number; numFailedTests: number; numPendingTests: number; success: boolean };

function run(name: string, command: string[]): boolean {
  const [program = '', ...args] = command;
  console.log(`\n── ${name}`);
  return spawnSync(`node_modules/.bin/${program}`, args, { stdio: 'inherit' }).status === 0;
}

function readResults(): Results {
  try {
    return JSON.parse(readFileSync(RESULTS, 'utf8')) as Results;
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, success: false };
  }
}

mkdirSync('test-output', { recursive: true });
rmSync(RESULTS, { force: true });
const wrong = CHECKS.filter(([name, ...command]) => !run(name, command)).map(([name]) => name);
const tested = run('tests', [
  'vitest',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${RESULTS}`,
  // A busy machine is slow, not wrong.
  '--expect.poll.timeout=10000',
  // Most tests wait for other processes rather than compute; and a busy machine is slow, not wrong.
  '--maxWorkers=4',
  // Once more for what starved; vitest says which ones needed it.
  '--retry=1',
  '--testTimeout=120000',
  '--hookTimeout=60000',
  ...process.argv.slice(2),
]);
const results = readResults();
if (wrong.length > 0) console.log(`\nNot clean: ${wrong.join(', ')}`);
const skipped = results.numPendingTests > 0 ? `, ${results.numPendingTests} skipped` : '';
console.log(`\n${results.numPassedTests} passed, ${results.numFailedTests} failed${skipped}`);
process.exitCode = wrong.length === 0 && tested && results.numPassedTests > 0 ? 0 : 1;
