// What a command may use. Narrow on purpose: a test hands in a plain object.
import type { Login } from '../auth/login.ts';
import type { Project, Session, Sessions } from '../auth/sessions.ts';
import type { Now } from '../clock.ts';
import type { Creations } from '../creation/creations.ts';
import type { Errands } from '../errands/errands.ts';
import type { Cloud } from '../openstack/cloud.ts';
import type { Resizes } from '../resize/resizes.ts';
import type { ServerLocks } from '../resize/server-locks.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Outbox, Person } from '../slack/reply.ts';
import type { Args } from './command.ts';
import type { FlavorCache } from './find/flavor.ts';
import type { ImageNames } from './find/image.ts';

/** Handed in by the composition root, the same for all commands. */
export type CommandDeps = {
  sessions: Pick<Sessions, 'find' | 'open' | 'chooseProject' | 'chooseRegion' | 'signOut'>;
  login: Login;
  resizes: Pick<Resizes, 'ask' | 'precheck' | 'decide' | 'get' | 'openFor' | 'list'>;
  errands: Pick<Errands, 'begin' | 'decide'>;
  outbox: Outbox;
  creations: Pick<Creations, 'order' | 'resume'>;
  secrets: Pick<Secrets, 'keep' | 'link'>;
  locks: ServerLocks;
  channelProjects: ChannelProjects;
  flavors: FlavorCache;
  imageNames: ImageNames;
  /** True the first time it is asked for this id, over all replicas and restarts (remember it for a day). */
  firstTime(id: string): Promise<boolean>;
  now: Now;
  /** Resolves after `ms`; never when the process is stopping: recorded work is then run again by whoever comes next. */
  pause(ms: number): Promise<void>;
};

/** The project a channel works in, unless a person chose otherwise there. One Redis command each. */
export type ChannelProjects = {
  get(teamId: string, channelId: string): Promise<string | null>;
  /** Null forgets it. */
  set(teamId: string, channelId: string, projectId: string | null): Promise<void>;
};

export type CommandContext = CommandDeps & {
  person: Person;
  /** Where the person is looking; null for clicks outside any channel (App Home). */
  channelId: string | null;
  /** The same when the same click or command is worked a second time after a crash. */
  interactionId: string;
  /** Ms since the epoch at which it reached us; the same in a second run. */
  askedAt: number;
  /** The slash command of this deployment, e.g. `/ecs`. */
  slash: string;
  /** The line (without the slash command) that runs this command again with some arguments changed. */
  again(changed: Args): string;
  /** Read once per interaction. Throws UserError `not_signed_in`. */
  session(): Promise<Session>;
  /** The channel's default if the person has it, else the person's choice. Throws `not_signed_in`, `bad_usage` when none is chosen. */
  project(): Promise<Project>;
  /** A connection as this person to that project. Throws what `Sessions.cloud` throws. */
  cloud(): Promise<Cloud>;
  /** The regions in which that project can have servers, by name; empty where the cloud has none. */
  regions(): Promise<string[]>;
};
