// What every form has: its values as text, and what it remembers while it is open.
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
