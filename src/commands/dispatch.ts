// Words, clicks and forms → the command that answers them. Routes; never acks, posts, or phrases errors.
import type { Handlers } from '../slack/reply.ts';
import type { Command } from './command.ts';
import type { CommandDeps } from './context.ts';

/** `slash` is the slash command of this deployment, e.g. `/ecs`. */
export type DispatcherParts = { commands: readonly Command[]; deps: CommandDeps; slash: string };

export type Dispatcher = Pick<Handlers, 'plan' | 'run' | 'suggest'>;

export declare function createDispatcher(parts: DispatcherParts): Dispatcher;
