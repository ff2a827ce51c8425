// Buttons that run a command line as the person who clicks. They carry the line, never facts: everything is read again.
import type { Button, StaticSelect } from '@slack/types';
import { button, type ButtonParts } from '../slack/blocks.ts';
import { option, select } from '../slack/inputs.ts';
import { LIMITS } from '../slack/limits.ts';
import type { Choice } from '../slack/reply.ts';

/** A new answer below the old one. */
export const RUN = 'command:run';
/** The answer takes the place of the message with the button: paging, picking, refreshing, confirming. */
export const HERE = 'command:here';
/** The answer is posted for everybody in the channel. */
export const SHARE = 'command:share';
/** Slack reports clicks on link buttons as well; nothing is to be done. */
export const LINK = 'command:link';

type LineButton = Pick<ButtonParts, 'text' | 'style' | 'label' | 'confirm'> & {
  /** Without the slash command. */
  line: string;
  /** Tells the buttons of one block apart, e.g. `next`. */
  id: string;
};

export function runButton({ line, id, ...parts }: LineButton): Button {
  return button({ ...parts, actionId: `${RUN}:${id}`, value: line });
}

export function hereButton({ line, id, ...parts }: LineButton): Button {
  return button({ ...parts, actionId: `${HERE}:${id}`, value: line });
}

export function shareButton(line: string): Button {
  return button({ text: 'Share', label: 'Share this answer in the channel', actionId: SHARE, value: line });
}

export function linkButton(parts: { text: string; url: string; style?: 'primary' }): Button {
  return button({ ...parts, actionId: LINK });
}

/** As many as a message that holds nothing else has room for; a modal takes what Slack takes. */
export const MENU_CHOICES = 40;

type LineMenu = {
  actionId: string;
  placeholder: string;
  choices: Choice[];
  /** Characters of JSON for the choices; the rest of them is left out. */
  room: number;
};

/** A menu whose choices carry lines, as buttons do. Null without a choice; lines too long for a menu are left out. */
export function lineMenu({ room, ...parts }: LineMenu): StaticSelect | null {
  const usable = parts.choices.filter(({ value }) => value.length <= LIMITS.optionValue).slice(0, MENU_CHOICES);
  let used = 0;
  const choices = usable.filter((choice) => (used += JSON.stringify(option(choice)).length) <= room);
  return choices.length === 0 ? null : select({ ...parts, choices });
}
