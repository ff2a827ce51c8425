// `login`, `logout`, `whoami`: which cloud user a Slack person is.
import type { KnownBlock } from '@slack/types';
import type { Session } from '../../auth/sessions.ts';
import { actions, button, fields, input, modal, section, textInput } from '../../slack/blocks.ts';
import type { Reply } from '../../slack/reply.ts';
import { escapeMrkdwn } from '../../slack/text.ts';
import { linkButton } from '../buttons.ts';
import { defineCommand, type Form } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { projectMenu } from './project-menu.ts';
import { nameCode, shortName } from '../server/words.ts';

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
      check: (form) => (/\d/.test(text(form, 'code')) ? {} : { code: 'Type the digits that the page shows.' }),
      run: async (form, ctx) => signedIn(await ctx.login.finish(ctx.person, text(form, 'code'))),
    },
    'login:credential': {
      changes: false,
      after: 'close',
      check: checkCredential,
      async run(form, ctx) {
        const credential = { id: text(form, 'id'), secret: text(form, 'secret') };
        return signedIn(await ctx.login.withApplicationCredential(ctx.person, credential));
      },
    },
  },
});

export const logout = defineCommand({
  name: 'logout',
  summary: 'Sign out and revoke every token held for you',
  examples: ['logout'],
  args: {},
  signIn: 'none',
  changes: true,
  async run(_args, ctx) {
    const { revoked, failed } = await ctx.sessions.signOut(ctx.person);
    return says(signedOutSentence({ revoked, failed }));
  },
});

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
    const title = `You are ${nameCode(session.cloudUser.name)} in the cloud.`;
    const facts = [
      `*Project here*\n${here ? nameCode(here.name) : 'none chosen yet'}`,
      `*Projects*\n${session.projects.length}`,
      `*Region*\n${session.region ? nameCode(session.region) : 'the default one'}`,
      `*Signed in with*\n${session.method === 'oidc' ? 'the identity provider' : 'an application credential'}`,
      `*User id*\n${nameCode(session.cloudUser.id)}`,
    ];
    return { kind: 'message', audience: 'person', text: title, blocks: [section(title), fields(facts)] };
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

function signedIn(session: Session): Reply {
  const { projects, cloudUser } = session;
  const chosen =
    projects.find(({ id }) => id === session.projectId) ?? (projects.length === 1 ? projects[0] : undefined);
  const where = chosen ? `, in project ${shortName(chosen.name)}` : '';
  const title = escapeMrkdwn(`Signed in as ${shortName(cloudUser.name)}${where}.`);
  const blocks: KnownBlock[] = [section(title)];
  const menu = chosen ? null : projectMenu(projects);
  if (menu) {
    blocks.push(section(`You have ${projects.length} projects: choose the one to work in.`), actions([menu]));
  }
  return { kind: 'message', audience: 'person', text: title, blocks };
}

function signedOutSentence({ revoked, failed }: { revoked: number; failed: number }): string {
  const tokens = revoked === 1 ? '1 token was' : `${revoked} tokens were`;
  if (failed === 0) return `You are signed out; ${tokens} revoked and everything held for you is forgotten.`;
  return `You are signed out and everything held for you is forgotten; ${tokens} revoked, but ${failed} could not be: they end by themselves, and changing your password in the cloud ends them now.`;
}

function codeForm(ctx: CommandContext) {
  return modal({
    title: 'Enter code',
    submit: 'Sign in',
    callbackId: 'login:code',
    privateMetadata: metadata(ctx),
    blocks: [
      input({
        blockId: 'code',
        label: 'Code',
        hint: 'The digits that the sign-in page shows at its end.',
        element: textInput({ actionId: 'login:code', placeholder: '123-456', maxLength: 40 }),
      }),
    ],
  });
}

function credentialForm(ctx: CommandContext) {
  const field = (blockId: string, label: string) =>
    input({ blockId, label, element: textInput({ actionId: `login:${blockId}`, maxLength: 255 }) });
  return modal({
    title: 'Sign in',
    submit: 'Sign in',
    callbackId: 'login:credential',
    privateMetadata: metadata(ctx),
    blocks: [
      section('Make an application credential in the cloud and enter it here. It is kept encrypted, for you alone.'),
      field('id', 'Application credential ID'),
      field('secret', 'Secret'),
    ],
  });
}

function checkCredential(form: Form): Record<string, string> {
  return {
    ...(text(form, 'id') === '' && { id: 'Enter the id that the cloud shows for the credential.' }),
    ...(text(form, 'secret') === '' && { secret: 'Enter the secret; the cloud showed it once, when it was made.' }),
  };
}

/** Where the answer goes when the window is closed. */
function metadata({ channelId }: CommandContext): string {
  return channelId === null ? '' : JSON.stringify({ channel: channelId });
}

function text({ values }: Form, blockId: string): string {
  const value = values[blockId];
  return typeof value === 'string' ? value.trim() : '';
}

function says(sentence: string): Reply {
  return { kind: 'message', audience: 'person', text: escapeMrkdwn(sentence) };
}
