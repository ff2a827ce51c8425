// The two windows of `login`: for the code that the sign-in page ends with, and for an application credential.
import { modal, section } from '../../slack/blocks.ts';
import { input, textInput } from '../../slack/inputs.ts';
import type { Form } from '../command.ts';
import type { CommandContext } from '../context.ts';

export function codeForm(ctx: CommandContext) {
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

export function checkCode(form: Form): Record<string, string> {
  return /\d/.test(text(form, 'code')) ? {} : { code: 'Type the digits that the page shows.' };
}

export function credentialForm(ctx: CommandContext) {
  const field = (blockId: string, label: string) =>
    input({ blockId, label, element: textInput({ actionId: `login:${blockId}`, maxLength: 255 }) });
  return modal({
    title: 'Sign in',
    submit: 'Sign in',
    callbackId: 'login:credential',
    privateMetadata: metadata(ctx),
    blocks: [
      section(
        `Make an application credential with the roles member and reader in the cloud and enter it here. It is kept encrypted, for you alone. Where you come to the cloud by an identity provider it may refuse to make one: sign in with \`${ctx.slash} login\` then.`,
      ),
      field('id', 'Application credential ID'),
      field('secret', 'Secret'),
    ],
  });
}

export function checkCredential(form: Form): Record<string, string> {
  return {
    ...(text(form, 'id') === '' && { id: 'Enter the id that the cloud shows for the credential.' }),
    ...(text(form, 'secret') === '' && { secret: 'Enter the secret; the cloud showed it once, when it was made.' }),
  };
}

/** Where the answer goes when the window is closed. */
function metadata({ channelId }: CommandContext): string {
  return channelId === null ? '' : JSON.stringify({ channel: channelId });
}

/** What was typed into a field, without the spaces around it; '' where nothing was. */
export function text({ values }: Form, blockId: string): string {
  const value = values[blockId];
  return typeof value === 'string' ? value.trim() : '';
}
