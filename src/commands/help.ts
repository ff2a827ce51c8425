// `help`: everything a person can type, derived from the commands themselves.
import { UserError } from '../errors.ts';
import type { KnownBlock } from '@slack/types';
import { context } from '../slack/blocks.ts';
import type { Reply } from '../slack/reply.ts';
import { escapeMrkdwn } from '../slack/text.ts';
import { type Command, defineCommand, flagOf, type Topic } from './command.ts';
import { inSections } from './lines.ts';
import { nearest } from './grammar/nearest.ts';
import { nounsOf, shownArgs, usageOf } from './grammar/parse-words.ts';

/** `topics` is asked for when it runs: help is itself in one of them. */
export function createHelp(topics: () => readonly Topic[]) {
  return defineCommand({
    name: 'help',
    summary: 'List what you can type, or explain one word',
    examples: ['help', 'help resize', 'help disk'],
    args: { word: { kind: 'text', positional: true, rest: true, summary: 'what to explain' } },
    signIn: 'none',
    changes: false,
    async run({ word }, { slash }) {
      return word === null ? overview(topics(), slash) : about(topics(), { word, slash });
    },
  });
}

/** A command, or the noun that several begin with. */
function about(topics: readonly Topic[], { word, slash }: { word: string; slash: string }): Reply {
  const commands = topics.flatMap((topic) => topic.commands);
  const wanted = word.toLowerCase().split(/\s+/).join(' ');
  const found = commands.find(({ name }) => name === wanted);
  if (found) return explained(found, slash);
  const ofNoun = commands.filter(({ name }) => name.startsWith(`${wanted} `));
  if (ofNoun.length > 0) return nounReply(ofNoun, { noun: wanted, slash });
  const names = commands.map(({ name }) => name);
  const [guess] = nearest(wanted, [...nounsOf(commands), ...names]);
  const hint = guess ? `Did you mean “help ${guess}”?` : '“help” lists everything I can do.';
  throw new UserError('unknown_word', `I have no help on “${word.slice(0, 60)}”. ${hint}`);
}

function nounReply(commands: readonly Command[], { noun, slash }: { noun: string; slash: string }): Reply {
  const title = `What you can type after ${slash} ${noun}`;
  const lines = commands.map((command) => summaryLine(command, `${slash} ${usageOf(command)}`));
  return { kind: 'message', audience: 'person', text: title, blocks: inSections([`*${title}*`, ...lines]) };
}

function summaryLine({ summary }: Command, typed: string): string {
  return `\`${escapeMrkdwn(typed)}\` ${escapeMrkdwn(summary)}`;
}

function overview(topics: readonly Topic[], slash: string): Reply {
  const title = `What you can type after ${slash}`;
  const lines = topics.flatMap((topic) => [
    '',
    `*${escapeMrkdwn(topic.title)}*`,
    ...topic.commands.map((command) => summaryLine(command, `${slash} ${command.name}`)),
  ]);
  const notes = [
    `\`${slash} help resize\` explains one of them, \`${slash} help disk\` all about disks. Names and ids are both fine; flags may be written \`--limit 5\` or \`limit:5\`.`,
    'Slack runs slash commands in channels and direct messages, not inside threads.',
  ];
  const blocks: KnownBlock[] = [...inSections([title, ...lines]), context(notes.join('\n'))];
  return { kind: 'message', audience: 'person', text: title, blocks };
}

function explained(command: Command, slash: string): Reply {
  const title = `${slash} ${command.name}: ${command.summary}`;
  const args = shownArgs(command).map(([name, spec]) => {
    const typed = spec.positional ? (spec.placeholder ?? flagOf(name)) : `--${flagOf(name)}`;
    return `• \`${typed}\` ${escapeMrkdwn(spec.summary)}${spec.required ? ' (needed)' : ''}`;
  });
  const examples = command.examples.map((line) => `\`${escapeMrkdwn(`${slash} ${line}`)}\``);
  const lines = [
    `*${escapeMrkdwn(command.summary)}*`,
    `\`${escapeMrkdwn(`${slash} ${usageOf(command)}`)}\``,
    ...(command.details ? [escapeMrkdwn(command.details)] : []),
    ...args,
    `For example ${examples.join(' or ')}`,
  ];
  return { kind: 'message', audience: 'person', text: escapeMrkdwn(title), blocks: inSections(lines) };
}
