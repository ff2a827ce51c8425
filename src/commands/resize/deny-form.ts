// What the button Deny opens: a second look at what is denied, and room for the reason that the requester will ask for.
import type { ModalView } from '@slack/types';
import { REASON_LENGTH } from '../../resize/ask.ts';
import type { ResizeRequest } from '../../resize/request.ts';
import { modal, section } from '../../slack/blocks.ts';
import { input, textInput } from '../../slack/inputs.ts';
import type { Reply } from '../../slack/reply.ts';
import { mention } from '../../slack/text.ts';
import type { Click, Form, View } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { formAbout, textIn } from '../forms.ts';
import { nameCode } from '../server/words.ts';

export const DENY_FORM = 'resize:deny';

/** Opened without asking the cloud, which Slack would not wait for. Throws UserError as `Resizes.precheck` does. */
export async function openDenyForm({ value }: Click, ctx: CommandContext): Promise<Reply> {
  const request = await ctx.resizes.precheck(value, { kind: 'deny', by: ctx.person });
  return { kind: 'modal', view: denyForm(request, ctx) };
}

function denyForm(request: ResizeRequest, ctx: CommandContext): ModalView {
  const { id, requester, plan } = request;
  const { server, from, to } = plan;
  const requesterName = mention(requester.userId);
  return modal({
    title: 'Deny the resize',
    submit: 'Deny',
    callbackId: DENY_FORM,
    privateMetadata: formAbout(ctx, { planned: false, request: id }),
    blocks: [
      section(
        `${id}: ${nameCode(server.name)} from ${nameCode(from.name)} to ${nameCode(to.name)}, asked for by ${requesterName}.`,
      ),
      input({
        blockId: 'reason',
        label: 'Reason',
        optional: true,
        hint: 'It stands on the card, and the requester is told.',
        element: textInput({ actionId: 'resize:deny-reason', multiline: true, maxLength: REASON_LENGTH }),
      }),
    ],
  });
}

/** The form's values as the command's arguments. */
function denialIn({ values, about }: Form): { request: string; reason: string | null } {
  return { request: about['request'] ?? '', reason: textIn(values, 'reason') };
}

/** By field. */
function denialProblems(form: Form): Record<string, string> {
  const { reason } = denialIn(form);
  return reason !== null && reason.length > REASON_LENGTH
    ? { reason: `At most ${REASON_LENGTH} characters, please.` }
    : {};
}

export const denyView: View<ReturnType<typeof denialIn>> = {
  changes: true,
  // The card tells that it is denied, as it does for every button.
  after: 'close',
  check: denialProblems,
  args: denialIn,
  async run(form, ctx) {
    const { request, reason } = denialIn(form);
    await ctx.resizes.decide(request, { kind: 'deny', by: ctx.person, ...(reason !== null && { reason }) });
    return { kind: 'none' };
  },
};
