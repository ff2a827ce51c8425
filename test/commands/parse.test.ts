import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Args, ArgSpec, Command } from '../../src/commands/command.ts';
import { commands } from '../../src/commands/index.ts';
import { emptyArgs, exactLine, parseLine, repeatLine, typedLine } from '../../src/commands/grammar/parse.ts';
import { unreachable, UserError } from '../../src/errors.ts';
import { fromCode, lineCode } from '../../src/slack/text.ts';

/** Nobody can copy what is not shown. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

const NOW = Date.parse('2026-11-21T10:00:00Z');

function read(text: string): { name: string; given: Args } {
  const { command, args } = parseLine(typedLine(text), { commands, now: NOW });
  const given = Object.entries(args).filter(([, value]) => value !== null && value !== false);
  return { name: command.name, given: Object.fromEntries(given) };
}

function refusal(text: string): UserError {
  try {
    read(text);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error(`“${text}” was understood`);
}

describe('what people type', () => {
  it.each<[string, string, Args]>([
    ['', 'help', {}],
    ['   ', 'help', {}],
    ['list', 'list', {}],
    ['List', 'list', {}],
    ['list --status shutoff', 'list', { status: 'SHUTOFF' }],
    ['list -status SHUTOFF', 'list', { status: 'SHUTOFF' }],
    ['list —status SHUTOFF', 'list', { status: 'SHUTOFF' }],
    ['list –status SHUTOFF', 'list', { status: 'SHUTOFF' }],
    ['list --status=SHUTOFF', 'list', { status: 'SHUTOFF' }],
    ['list status:SHUTOFF', 'list', { status: 'SHUTOFF' }],
    ['list status: SHUTOFF', 'list', { status: 'SHUTOFF' }],
    ['list --STATUS SHUTOFF', 'list', { status: 'SHUTOFF' }],
    ['list --limit 5 --name web', 'list', { limit: 5, name: 'web' }],
    ['list --not_tags a,b', 'list', { notTags: 'a,b' }],
    ['list --not—tags a,b', 'list', { notTags: 'a,b' }],
    ['list --changes-since 2h', 'list', { changesSince: NOW - 7_200_000 }],
    ['list --changes-since 2026-11-20', 'list', { changesSince: Date.parse('2026-11-20T00:00:00Z') }],
    ['list changes-since:2026-11-20T08:30+01:00', 'list', { changesSince: Date.parse('2026-11-20T07:30:00Z') }],
    ['list --all-tenants', 'list', { allTenants: true }],
    ['list --no-all-tenants', 'list', {}],
    ['list all-tenants:no', 'list', {}],
    ['show web-1', 'show', { server: 'web-1' }],
    ['show server:web-1', 'show', { server: 'web-1' }],
    ['show --server web-1', 'show', { server: 'web-1' }],
    ['show "web server"', 'show', { server: 'web server' }],
    ['show “web server”', 'show', { server: 'web server' }],
    ['show „web server“', 'show', { server: 'web server' }],
    ['show «web server»', 'show', { server: 'web server' }],
    ["show 'web server'", 'show', { server: 'web server' }],
    ['show ‘web server’', 'show', { server: 'web server' }],
    ["show O'Brien", 'show', { server: "O'Brien" }],
    ['show O’Brien', 'show', { server: 'O’Brien' }],
    ['show "O\'Brien\'s box"', 'show', { server: "O'Brien's box" }],
    ["show 'it's fine'", 'show', { server: "it's fine" }],
    ['show "say \\"hi\\""', 'show', { server: 'say "hi"' }],
    ['show "back\\\\slash"', 'show', { server: 'back\\slash' }],
    ['show "--hard"', 'show', { server: '--hard' }],
    ['show <http://web-1.example|web-1.example>', 'show', { server: 'web-1.example' }],
    ['show <https://web-1.example>', 'show', { server: 'https://web-1.example' }],
    ['show <mailto:ops@web-1.example|ops@web-1.example>', 'show', { server: 'ops@web-1.example' }],
    ['show <@U1|bob>', 'show', { server: '@bob' }],
    ['show <@U1>', 'show', { server: '@U1' }],
    ['show <#C1|ops>', 'show', { server: '#ops' }],
    ['show <!channel>', 'show', { server: '@channel' }],
    ['show <!subteam^S1|@dba>', 'show', { server: '@dba' }],
    ['show &lt;!channel&gt;', 'show', { server: '<!channel>' }],
    ['show a&amp;b', 'show', { server: 'a&b' }],
    ['show Größe-サーバ', 'show', { server: 'Größe-サーバ' }],
    ['show שרת', 'show', { server: 'שרת' }],
    ['show\u00a0web-1', 'show', { server: 'web-1' }],
    ['stop web-1 --hard', 'stop', { server: 'web-1', hard: true }],
    ['stop --hard web-1', 'stop', { server: 'web-1', hard: true }],
    ['stop —hard web-1', 'stop', { server: 'web-1', hard: true }],
    ['resize web-1 s3.large.2', 'resize', { server: 'web-1', flavor: 's3.large.2' }],
    ['resize flavor:s3.large.2 web-1', 'resize', { server: 'web-1', flavor: 's3.large.2' }],
    [
      'resize web-1 s3.large.2 --reason more memory for friday',
      'resize',
      { server: 'web-1', flavor: 's3.large.2', reason: 'more memory for friday' },
    ],
    ['resize web-1 --reason="two words" c4', 'resize', { server: 'web-1', flavor: 'c4', reason: 'two words' }],
    ['resize web-1 c4 reason:“two words”', 'resize', { server: 'web-1', flavor: 'c4', reason: 'two words' }],
    [
      'resize web-1 c4 --reason it is - really - slow',
      'resize',
      { server: 'web-1', flavor: 'c4', reason: 'it is - really - slow' },
    ],
    ['login 123 456', 'login', { code: '123 456' }],
    ['login --application-credential', 'login', { applicationCredential: true }],
    ['help resize', 'help', { word: 'resize' }],
    ['resize --help', 'help', { word: 'resize' }],
    ['resize web-1 —help', 'help', { word: 'resize' }],
    ['--help', 'help', {}],
    ['keypair', 'help', { word: 'keypair' }],
    ['Disk', 'help', { word: 'disk' }],
  ])('understands “%s”', (text, name, given) => {
    expect(read(text)).toEqual({ name, given });
  });

  it.each<[string, string, RegExp]>([
    ['lsit', 'unknown_word', /“lsit”.*“list”/],
    ['flav', 'unknown_word', /“flavors”/],
    ['aprove R-7KQ2', 'unknown_word', /“aprove”.*“approve”/],
    ['xyzzy', 'unknown_word', /“help”/],
    ['disks', 'unknown_word', /“disk”/],
    ['disk frob web-1', 'unknown_word', /after “disk” comes list, create, attach or detach\./],
    ['disk lst', 'unknown_word', /Did you mean “disk list”/],
    ['--limit 5', 'unknown_word', /help/],
    ['list --statsu ACTIVE', 'bad_usage', /--statsu.*--status/],
    ['list --colour red', 'bad_usage', /--colour.*--name/],
    ['stop web-1 --trail x', 'bad_usage', /--trail/],
    ['whoami --loud', 'bad_usage', /none/],
    ['list --status SLEEPY', 'bad_usage', /SLEEPY.*ACTIVE/],
    ['list --limit many', 'bad_usage', /whole number from 1 to 50/],
    ['list --limit 0', 'bad_usage', /1 to 50/],
    ['list --limit 9999', 'bad_usage', /1 to 50/],
    ['list --all-tenants=maybe', 'bad_usage', /true or false/],
    ['stop web-1 --hard=constructor', 'bad_usage', /true or false/],
    ['stop web-1 --yes=__proto__', 'bad_usage', /true or false/],
    ['stop web-1 --__proto__', 'bad_usage', /__proto__|proto/],
    ['constructor', 'unknown_word', /constructor/],
    ['list --changes-since yesterday', 'bad_usage', /2h/],
    ['list --changes-since 2026-13-45', 'bad_usage', /2h/],
    ['list --changes-since', 'bad_usage', /needs a value/],
    ['list --name --status ACTIVE', 'bad_usage', /--name needs a value/],
    ['list --name ""', 'bad_usage', /1 to 255/],
    ['list --name a --name b', 'bad_usage', /twice/],
    ['show web-1 web-2', 'bad_usage', /“web-2”.*show \[server\]/],
    ['show "web-1', 'bad_usage', /never closed/],
    ['show “web-1 and more', 'bad_usage', /never closed/],
    ["show 'tis", 'bad_usage', /never closed/],
    ['approve', 'bad_usage', /approve <request>/],
    [`show ${'x'.repeat(300)}`, 'bad_usage', /255 characters/],
    ['x'.repeat(20_000), 'bad_usage', /20000 characters.*shorter/],
  ])('refuses “%s” with a sentence', (text, code, sentence) => {
    expect(refusal(text)).toMatchObject({ code, message: expect.stringMatching(sentence) as string });
  });

  it('never fails otherwise, whatever is typed', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        try {
          read(text);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          expect((error as UserError).message.length).toBeLessThan(600);
        }
      }),
    );
  });
});

const AWKWARD = [
  '--hard',
  'status:ACTIVE',
  '<!channel>',
  '&lt;',
  '<@U1|bob>',
  "O'Brien",
  'a "b" c',
  '\\',
  'ends with \\',
  '“”',
  '«x»',
  ' two  blanks ',
  'name=x',
  '—',
  'a`b',
  'line\nbreak',
  'size:10',
  '--name=two words',
  '-5',
  '–',
  'Größe サーバ 🚀',
  'שרת',
  '"',
  "'",
  '„x“ ‚y‘',
  'a & b <c>',
  'http://web-1.example/?a=b&c=d',
  'help',
  '--help',
];

function texts({ args }: Command): string[] {
  return Object.entries(args)
    .filter(([, { kind }]) => kind === 'text')
    .map(([name]) => name);
}

function valueFor(spec: ArgSpec): fc.Arbitrary<Args[string]> {
  switch (spec.kind) {
    case 'text': {
      const any = fc.oneof(fc.constantFrom(...AWKWARD), fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }));
      return fc.option(any.filter((text) => text.trim() !== ''));
    }
    case 'number':
      return fc.option(fc.integer({ min: spec.least, max: spec.most }));
    case 'boolean':
      return fc.boolean();
    case 'enum':
      return fc.option(fc.constantFrom(...spec.values));
    case 'time':
      return fc.option(fc.integer({ min: 0, max: Date.parse('2100-01-01') }));
    default:
      return unreachable(spec);
  }
}

/** Any arguments that the command takes, whatever they are called or hold. */
function anyArgs({ args }: Command): fc.Arbitrary<Args> {
  const fields = Object.fromEntries(Object.entries(args).map(([name, spec]) => [name, valueFor(spec)]));
  const needed = Object.entries(args).filter(([, spec]) => spec.required);
  return fc.record(fields).filter((given) => needed.every(([name]) => given[name] !== null));
}

const EVERY = commands.map((command) => ({ command, name: command.name }));

function asSlackSendsIt(line: string): string {
  return line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

describe('the line that repeats a command', () => {
  it.each(EVERY)('“$name” is read back as the same command with the same arguments', ({ command }) => {
    fc.assert(
      fc.property(anyArgs(command), (args) => {
        const { command: found, args: again } = parseLine(exactLine(command, args), { commands, now: NOW });
        expect(found.name).toBe(command.name);
        expect(again).toEqual({ ...emptyArgs(command.args), ...args });
      }),
    );
  });

  it.each(EVERY)('“$name” survives the way through Slack', ({ command }) => {
    fc.assert(
      fc.property(anyArgs(command), (args) => {
        const line = exactLine(command, args);
        // What a copied line has in place of a backtick, and around right-to-left words, cannot be told from them.
        fc.pre(line.length < 900 && fromCode(line) === line);
        expect(typedLine(asSlackSendsIt(line))).toBe(line);
      }),
    );
  });

  it.each(EVERY)('“$name” is the same when it is copied from the message', ({ command }) => {
    fc.assert(
      fc.property(anyArgs(command), (args) => {
        const line = repeatLine(command, args);
        fc.pre(line.length < 900 && fromCode(line) === line && !UNSEEN.test(line));
        const shown = lineCode(`/ecs ${line}`).slice(1, -1).replace('/ecs ', '');
        expect(typedLine(shown)).toBe(line);
      }),
    );
  });

  it.each(EVERY)('“$name” is already in its own canonical form', ({ command }) => {
    fc.assert(
      fc.property(anyArgs(command), (args) => {
        const line = repeatLine(command, args);
        // A required argument may be one that is never repeated.
        const { args: again } = parseLine(line, { commands, now: NOW });
        expect(repeatLine(command, again)).toBe(line);
      }),
    );
  });

  it.each(EVERY.flatMap(({ command, name }) => texts(command).map((arg) => ({ command, name, arg }))))(
    'keeps whatever stands in $arg of “$name”: quotes, dashes, colons, escapes, other scripts',
    ({ command, arg }) => {
      const needed = Object.fromEntries(texts(command).map((each) => [each, 'web-1']));
      for (const text of AWKWARD) {
        const args = { ...emptyArgs(command.args), ...needed, [arg]: text };
        const line = typedLine(asSlackSendsIt(exactLine(command, args)));
        expect(parseLine(line, { commands, now: NOW })).toMatchObject({ command: { name: command.name }, args });
      }
    },
  );

  it.each<[string, string]>([
    ['list status:shutoff', 'list --status SHUTOFF'],
    ['List —limit=5', 'list --limit 5'],
    ['list --changes-since 2026-11-20', 'list --changes-since 2026-11-20T00:00:00Z'],
    ['resize web-1 c4 --reason because  of friday', 'resize web-1 c4 --reason "because of friday"'],
    ['show “web server”', 'show "web server"'],
    ['login 123-456', 'login'],
    ['stop web-1 --yes', 'stop web-1'],
    ['resize flavor:c4', 'resize --flavor c4'],
  ])('turns “%s” into “%s”', (typed, canonical) => {
    const { command, args } = parseLine(typedLine(typed), { commands, now: NOW });
    expect(repeatLine(command, args)).toBe(canonical);
  });
});
