// `whoami`: as whom a person is signed in, and where their commands work.
import type { Project, Session } from '../../auth/sessions.ts';
import { fields, section } from '../../slack/blocks.ts';
import { defineCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { nameCode } from '../server/words.ts';

export const whoami = defineCommand({
  name: 'whoami',
  summary: 'Show as whom you are signed in, and where you work',
  examples: ['whoami'],
  args: {},
  signIn: 'required',
  changes: false,
  shares: false,
  async run(_args, ctx) {
    const session = await ctx.session();
    const here = await ctx.project().catch(() => null);
    const region = await regionOf(here, session, ctx);
    const title = `You are ${nameCode(session.cloudUser.name)} in the cloud.`;
    const facts = [
      `*Project here*\n${here ? nameCode(here.name) : 'none chosen yet'}`,
      `*Projects*\n${session.projects.length}`,
      `*Region*\n${region ? nameCode(region) : 'the default one'}`,
      `*Signed in with*\n${session.method === 'oidc' ? 'the identity provider' : 'an application credential'}`,
      `*User id*\n${nameCode(session.cloudUser.id)}`,
    ];
    return { kind: 'message', audience: 'person', text: title, blocks: [section(title), fields(facts)] };
  },
});

/** A channel's own project may be in another region than the chosen one; who one is can be told without the cloud. */
async function regionOf(here: Project | null, session: Session, { cloud }: CommandContext): Promise<string | null> {
  const { projectId, region } = session;
  if (here === null || projectId === null || here.id === projectId) return region;
  return cloud().then(
    (there) => there.region,
    () => region,
  );
}
