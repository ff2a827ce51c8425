// A long list, a page at a time: the buttons carry the line of the other page, whose answer takes this one's place. Pure.
import type { ActionsBlockElement } from '@slack/types';
import { actions } from '../slack/blocks.ts';
import { externalSelect } from '../slack/inputs.ts';
import type { Reply } from '../slack/reply.ts';
import { HERE, hereButton } from './buttons.ts';
import type { CommandContext } from './context.ts';
import { inSections } from './lines.ts';

export type Listing = {
  /** e.g. `12 images`; which page it is gets added. */
  title: string;
  /** Mrkdwn, one per thing, all of them. */
  lines: readonly string[];
  /** As typed; beyond the last page the last one is shown. */
  page: number | null;
  perPage: number;
  /** A search box over all of them, for lists of more than a page. Its choices carry lines. */
  finder?: { id: string; placeholder: string };
  /** Only what has a `name` in it: a button leads back to all of them. */
  narrowed?: boolean;
};

/** The command must have an argument `page`, and `name` if it can be narrowed. */
export function listing(
  { title, lines, page, perPage, finder, narrowed }: Listing,
  ctx: Pick<CommandContext, 'again'>,
): Reply {
  const pages = Math.max(1, Math.ceil(lines.length / perPage));
  const current = Math.min(page ?? 1, pages);
  const shown = lines.slice((current - 1) * perPage, current * perPage);
  const heading = pages > 1 ? `${title}, page ${current} of ${pages}` : title;
  const elements = [
    ...(finder && pages > 1 ? [findBox(finder)] : []),
    ...pageButtons({ current, pages }, ctx),
    ...(narrowed ? [hereButton({ id: 'all', text: 'List all', line: ctx.again({ name: null, page: null }) })] : []),
  ];
  const blocks = [...inSections([heading, ...shown]), ...(elements.length > 0 ? [actions(elements)] : [])];
  return { kind: 'message', audience: 'person', text: heading, blocks };
}

function pageButtons(
  { current, pages }: { current: number; pages: number },
  { again }: Pick<CommandContext, 'again'>,
): ActionsBlockElement[] {
  const to = (text: 'Previous' | 'Next', page: number) =>
    hereButton({ id: text.toLowerCase(), text, label: `${text} page`, line: again({ page }) });
  return [...(current > 1 ? [to('Previous', current - 1)] : []), ...(current < pages ? [to('Next', current + 1)] : [])];
}

/** Under which `suggestions` a command offers the choices of its search box. */
export function finderId(id: string): string {
  return `${HERE}:${id}`;
}

function findBox({ id, placeholder }: { id: string; placeholder: string }): ActionsBlockElement {
  return externalSelect({ actionId: finderId(id), placeholder });
}

/** `1 image`, `12 images`, `no images`. */
export function counted(count: number, noun: string): string {
  if (count === 0) return `No ${noun}s`;
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
