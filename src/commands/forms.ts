// What every form has: its values as text, and what it remembers while it is open.
import type { InputBlock } from '@slack/types';
import { input, textInput } from '../slack/inputs.ts';
import type { FormValues } from '../slack/reply.ts';
import type { CommandContext } from './context.ts';

/** The trimmed text of a field; null when it is empty. */
export function textIn(values: FormValues, blockId: string): string | null {
  const value = values[blockId];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** Private metadata: where it was opened, and whether it is to show the calls instead of making them. `more`: the command's own. */
export function formAbout(
  { channelId }: Pick<CommandContext, 'channelId'>,
  { planned, ...more }: { planned: boolean } & Record<string, string | boolean>,
): string {
  return JSON.stringify({
    ...(channelId !== null && { channel: channelId }),
    ...(planned && { plan: 'yes' }),
    ...more,
  });
}

type TextField = {
  id: string;
  /** Whose field it is, e.g. `port`: the first part of its action id. */
  of: string;
  label: string;
  placeholder: string;
  initial: string | null;
  optional: boolean;
  hint?: string;
};

/** One line of text. */
export function textField({ id, of, label, placeholder, initial, optional, hint }: TextField): InputBlock {
  const element = textInput({
    actionId: `${of}:${id.toLowerCase()}`,
    placeholder,
    maxLength: 255,
    ...(initial !== null && { initial }),
  });
  return input({ blockId: id, label, optional, element, ...(hint && { hint }) });
}
