// Small constructors for what people read and press: they cut to Slack's limits and never leave out what screen readers need.
// Text given to `section`, `fields` and `context` is mrkdwn: whoever writes it escapes the values in it (text.ts).
import type {
  ActionsBlock,
  ActionsBlockElement,
  Button,
  ConfirmationDialog,
  ContextBlock,
  DividerBlock,
  HeaderBlock,
  HomeView,
  KnownBlock,
  ModalView,
  MrkdwnElement,
  PlainTextElement,
  SectionBlock,
  SectionBlockAccessory,
} from '@slack/types';
import { LIMITS, truncate, truncatePlain } from './limits.ts';
import { printable } from './text.ts';

/** Slack refuses empty text. */
const NOTHING = '–';

/** `verbatim`: Slack must not turn names such as `@here` or `#general` into mentions or links by itself. */
export function mrkdwn(text: string, max: number = LIMITS.sectionText): MrkdwnElement {
  return { type: 'mrkdwn', text: truncate(printable(text), max) || NOTHING, verbatim: true };
}

export function plainText(text: string, max: number): PlainTextElement {
  return { type: 'plain_text', text: truncatePlain(printable(text), max) || NOTHING, emoji: true };
}

export function section(
  text: string,
  options: { accessory?: SectionBlockAccessory; blockId?: string } = {},
): SectionBlock {
  return { type: 'section', text: mrkdwn(text), ...withAccessory(options) };
}

/** Two columns of short mrkdwn texts; the eleventh and later ones are left out. */
export function fields(
  texts: string[],
  options: { accessory?: SectionBlockAccessory; blockId?: string } = {},
): SectionBlock {
  const shown = texts.slice(0, LIMITS.sectionFields).map((text) => mrkdwn(text, LIMITS.sectionField));
  return { type: 'section', fields: shown, ...withAccessory(options) };
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plainText(text, LIMITS.headerText) };
}

export function context(...texts: string[]): ContextBlock {
  return {
    type: 'context',
    elements: texts.slice(0, LIMITS.contextElements).map((text) => mrkdwn(text, LIMITS.contextText)),
  };
}

export function divider(): DividerBlock {
  return { type: 'divider' };
}

export function actions(elements: ActionsBlockElement[], blockId?: string): ActionsBlock {
  return { type: 'actions', elements: elements.slice(0, LIMITS.actionsElements), ...withBlockId(blockId) };
}

export type ButtonParts = {
  text: string;
  actionId: string;
  value?: string;
  /** A link button; Slack still reports the click. */
  url?: string;
  style?: 'primary' | 'danger';
  /** What a screen reader says; say it in full where `text` needs its surroundings. Default: `text`. */
  label?: string;
  confirm?: ConfirmParts;
};

export function button(parts: ButtonParts): Button {
  return {
    type: 'button',
    text: plainText(parts.text, LIMITS.buttonText),
    action_id: fits(parts.actionId, LIMITS.actionId),
    accessibility_label: plainText(parts.label ?? parts.text, LIMITS.accessibilityLabel).text,
    ...(parts.value !== undefined && { value: fits(parts.value, LIMITS.buttonValue) }),
    ...(parts.url !== undefined && { url: fits(parts.url, LIMITS.buttonUrl) }),
    ...(parts.style && { style: parts.style }),
    ...(parts.confirm && { confirm: confirmDialog(parts.confirm) }),
  };
}

/** `text` is plain text: it says which server and what is lost. `confirm` and `deny` are the two buttons. */
export type ConfirmParts = {
  title: string;
  text: string;
  confirm: string;
  deny?: string;
  style?: 'primary' | 'danger';
};

export function confirmDialog(parts: ConfirmParts): ConfirmationDialog {
  return {
    title: plainText(parts.title, LIMITS.confirmTitle),
    text: plainText(parts.text, LIMITS.confirmText),
    confirm: plainText(parts.confirm, LIMITS.confirmButton),
    deny: plainText(parts.deny ?? 'Go back', LIMITS.confirmButton),
    ...(parts.style && { style: parts.style }),
  };
}

export type ModalParts = {
  title: string;
  blocks: KnownBlock[];
  /** Slack demands it as soon as there is an input. */
  submit?: string;
  close?: string;
  callbackId?: string;
  /** JSON of at most 3,000 characters; `{"channel": "C…"}` in it is where refusals go when the modal is gone. */
  privateMetadata?: string;
};

export function modal(parts: ModalParts): ModalView {
  return {
    type: 'modal',
    title: plainText(parts.title, LIMITS.viewTitle),
    close: plainText(parts.close ?? 'Close', LIMITS.viewButton),
    blocks: parts.blocks.slice(0, LIMITS.viewBlocks),
    ...(parts.submit && { submit: plainText(parts.submit, LIMITS.viewButton) }),
    ...(parts.callbackId && { callback_id: fits(parts.callbackId, LIMITS.callbackId) }),
    ...(parts.privateMetadata && { private_metadata: fits(parts.privateMetadata, LIMITS.privateMetadata) }),
  };
}

export function home(blocks: KnownBlock[]): HomeView {
  return { type: 'home', blocks: blocks.slice(0, LIMITS.viewBlocks) };
}

/** Ids and values are data: cutting them would change what they mean, so a long one is a bug, found where it is made. */
export function fits(text: string, max: number): string {
  if (text.length > max) throw new Error(`${text.slice(0, 40)}… has ${text.length} characters; Slack takes ${max}`);
  return text;
}

function withBlockId(blockId: string | undefined): { block_id?: string } {
  return blockId === undefined ? {} : { block_id: fits(blockId, LIMITS.blockId) };
}

function withAccessory(options: { accessory?: SectionBlockAccessory; blockId?: string }): Partial<SectionBlock> {
  return { ...(options.accessory && { accessory: options.accessory }), ...withBlockId(options.blockId) };
}
