// What one command sees of one interaction: who asks, where, and their connection, read once.
import type { Project, Session, SignedIn } from '../auth/sessions.ts';
import { UserError } from '../errors.ts';
import type { Interaction, Person } from '../slack/reply.ts';
import type { Args } from './command.ts';
import type { CommandContext, CommandDeps } from './context.ts';

type Asked = {
  interaction: Exclude<Interaction, { kind: 'home_opened' }>;
  /** From the private metadata of a view, where the click itself tells no channel. */
  about: Readonly<Record<string, string>>;
  slash: string;
  again(changed: Args): string;
};

export function createContext(deps: CommandDeps, { interaction, about, slash, again }: Asked): CommandContext {
  const { person } = interaction;
  const channelId = ('channelId' in interaction ? interaction.channelId : null) ?? about['channel'] ?? null;
  const reads = once(() => readSignIn(deps, { person, channelId }));
  const project = once(async () => projectHere(await reads()));
  return {
    ...deps,
    person,
    channelId,
    interactionId: interaction.id,
    askedAt: interaction.receivedAt,
    slash,
    again,
    session: async () => (await reads()).signedIn.session,
    project,
    cloud: once(async () => {
      const here = await project();
      const { signedIn } = await reads();
      return signedIn.cloud(here.id);
    }),
    regions: once(async () => {
      const here = await project();
      const { signedIn } = await reads();
      return signedIn.regions(here.id);
    }),
  };
}

type SignInReads = { signedIn: SignedIn; channelProject: string | null };

/** Both reads leave in the same tick: one round trip. */
async function readSignIn(
  deps: CommandDeps,
  { person, channelId }: { person: Person; channelId: string | null },
): Promise<SignInReads> {
  const [signedIn, channelProject] = await Promise.all([
    deps.sessions.open(person),
    channelId === null ? null : deps.channelProjects.get(person.teamId, channelId),
  ]);
  return { signedIn, channelProject };
}

function projectHere({ signedIn: { session }, channelProject }: SignInReads): Project {
  const byId = (id: string | null) => session.projects.find((project) => project.id === id);
  const only = session.projects.length === 1 ? session.projects[0] : undefined;
  const found = byId(channelProject) ?? byId(session.projectId) ?? only;
  if (!found) throw new UserError('bad_usage', noProjectSentence(session));
  return found;
}

function noProjectSentence(session: Session): string {
  return session.projects.length === 0
    ? `${session.cloudUser.name} has no role in any project of the cloud: ask its administrator for one, then sign in again.`
    : 'You have several projects and none is chosen yet: choose one with “project”.';
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}
