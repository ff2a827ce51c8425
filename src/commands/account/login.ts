// `login`: which cloud user a Slack person is.
import type { KnownBlock } from '@slack/types';
import type { Session } from '../../auth/sessions.ts';
import { actions, button, section } from '../../slack/blocks.ts';
import type { Reply } from '../../slack/reply.ts';
import { escapeMrkdwn } from '../../slack/text.ts';
import { linkButton } from '../buttons.ts';
import { defineCommand } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { checkCode, checkCredential, codeForm, credentialForm, text } from './forms.ts';
import { projectMenu } from './project-menu.ts';
import { shortName } from '../server/words.ts';

export const login = defineCommand({
  name: 'login',
  summary: 'Sign in to the cloud',
  details:
    'You get a link; the page it leads to ends with a code that you type back here, so that nobody can make you sign in as them. `--application-credential` signs in with a credential made in the cloud instead.',
  examples: ['login', 'login 123-456', 'login --application-credential'],
  args: {
    code: { kind: 'text', positional: true, rest: true, summary: 'the code from the page', repeats: false },
    applicationCredential: { kind: 'boolean', summary: 'sign in with an application credential' },
  },
  signIn: 'none',
  changes: false,
  shares: false,
  opens: ({ applicationCredential }) => (applicationCredential ? 'Sign in' : null),
  async run(args, ctx) {
    if (args.applicationCredential) return { kind: 'modal', view: credentialForm(ctx) };
    if (args.code !== null) return signedIn(await ctx.login.finish(ctx.person, args.code));
    return linkReply((await ctx.login.begin(ctx.person)).url, ctx);
  },
  actions: {
    'login:code': {
      changes: false,
      opens: 'Enter code',
      run: async (_click, ctx) => ({ kind: 'modal', view: codeForm(ctx) }),
    },
  },
  views: {
    // Both close at once, so that the outcome is told where the person is: in the channel, to them alone.
    'login:code': {
      changes: false,
      after: 'close',
      check: checkCode,
      run: async (form, ctx) => signedIn(await ctx.login.finish(ctx.person, text(form, 'code'))),
    },
    'login:credential': {
      changes: false,
      after: 'close',
      check: checkCredential,
      args: () => ({ code: null, applicationCredential: true }),
      async run(form, ctx) {
        const credential = { id: text(form, 'id'), secret: text(form, 'secret') };
        return signedIn(await ctx.login.withApplicationCredential(ctx.person, credential));
      },
    },
  },
});

function linkReply(url: string, ctx: CommandContext): Reply {
  const title = 'Sign in to the cloud';
  const steps = `Open the page, sign in there, and bring the code it shows back: with the button, or as \`${ctx.slash} login 123-456\`. The link is for you alone and works once.`;
  const buttons = actions([
    linkButton({ text: 'Open the sign-in page', url, style: 'primary' }),
    button({ text: 'Enter code', actionId: 'login:code' }),
  ]);
  return { kind: 'message', audience: 'person', text: title, blocks: [section(`*${title}*\n${steps}`), buttons] };
}

/** Keystone does not add to a credential what its role implies, and Nova wants `reader` of whoever looks. */
const MEMBER_ALONE =
  'This credential has the role member and no other: many a cloud lets it change servers, but not look at them. Create one with the roles member and reader, and sign in with that.';

function signedIn(session: Session): Reply {
  const { projects, cloudUser } = session;
  const chosen =
    projects.find(({ id }) => id === session.projectId) ?? (projects.length === 1 ? projects[0] : undefined);
  const where = chosen ? `, in project ${shortName(chosen.name)}` : '';
  const title = escapeMrkdwn(`Signed in as ${shortName(cloudUser.name)}${where}.`);
  const blocks: KnownBlock[] = [section(title)];
  if (session.onlyRole === 'member') blocks.push(section(MEMBER_ALONE));
  const menu = chosen ? null : projectMenu(projects);
  if (menu) {
    blocks.push(section(`You have ${projects.length} projects: choose the one to work in.`), actions([menu]));
  }
  return { kind: 'message', audience: 'person', text: title, blocks };
}
