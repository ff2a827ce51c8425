// `help`: everything a person can type, derived from the commands themselves.
import { UserError } from '../errors.ts';
import type { KnownBlock } from '@slack/types';
import { context } from '../slack/blocks.ts';
import type { Reply } from '../slack/reply.ts';
import { escapeMrkdwn } from '../slack/text.ts';
import { type Command, defineCommand, flagOf } from './command.ts';
import { inSections } from './lines.ts';
import { nearest } from './grammar/nearest.ts';
import { shownArgs, usageOf } from './grammar/parse-words.ts';

/** `all` is asked for when it runs: help is itself one of them. */
export function createHelp(all: () => readonly Command[]) {
  return defineCommand({
    name: 'help',
    summary: 'List what you can type, or explain one word',
    examples: ['help', 'help resize'],
    args: { word: { kind: 'text', positional: true, rest: true, summary: 'what to explain' } },
    signIn: 'none',
    changes: false,
    async run({ word }, { slash }) {
      return word === null ? overview(all(), slash) : explained(find(all(), word), slash);
    },
  });
}

function find(commands: readonly Command[], word: string): Command {
  const wanted = word.toLowerCase().split(/\s+/).join(' ');
  const found = commands.find(({ name }) => name === wanted);
  if (found) return found;
  const names = commands.map(({ name }) => name);
  const [guess] = nearest(wanted, names);
  const hint = guess ? `Did you mean “help ${guess}”?` : '“help” lists everything I can do.';
  throw new UserError('unknown_word', `I have no help on “${word.slice(0, 60)}”. ${hint}`);
}

function overview(commands: readonly Command[], slash: string): Reply {
  const title = `What you can type after ${slash}`;
  const lines = commands.map(({ name, summary }) => `\`${slash} ${name}\` ${escapeMrkdwn(summary)}`);
  const notes = [
    `\`${slash} help resize\` explains one of them. Names and ids are both fine; flags may be written \`--limit 5\` or \`limit:5\`.`,
    'Slack runs slash commands in channels and direct messages, not inside threads.',
  ];
  const blocks: KnownBlock[] = [...inSections([`*${title}*`, ...lines]), context(notes.join('\n'))];
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
