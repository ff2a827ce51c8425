// What people fill in or choose from: menus, text fields, and the inputs of a form around them. Cut to Slack's limits, as blocks are.
import type {
  ConversationsSelect,
  ExternalSelect,
  InputBlock,
  Overflow,
  PlainTextInput,
  PlainTextOption,
  StaticSelect,
} from '@slack/types';
import { confirmDialog, type ConfirmParts, fits, plainText } from './blocks.ts';
import { LIMITS, truncatePlain } from './limits.ts';
import type { Choice } from './reply.ts';
import { printable } from './text.ts';

export function option(choice: Choice): PlainTextOption {
  return {
    text: plainText(choice.text, LIMITS.optionText),
    value: fits(choice.value, LIMITS.optionValue),
    ...(choice.description && { description: plainText(choice.description, LIMITS.optionDescription) }),
  };
}

export type SelectParts = {
  actionId: string;
  placeholder: string;
  choices: Choice[];
  initial?: string;
  confirm?: ConfirmParts;
};

/** `initial` is the value of one of the choices; another value selects nothing. Slack takes 1 to 100 choices: the rest is left out. */
export function select(parts: SelectParts): StaticSelect {
  const options = parts.choices.slice(0, LIMITS.selectOptions).map(option);
  const chosen = options.find((candidate) => candidate.value === parts.initial);
  return {
    type: 'static_select',
    action_id: fits(parts.actionId, LIMITS.actionId),
    placeholder: plainText(parts.placeholder, LIMITS.placeholder),
    options,
    ...(chosen && { initial_option: chosen }),
    ...(parts.confirm && { confirm: confirmDialog(parts.confirm) }),
  };
}

/** Choices come from `Handlers.suggest` as the person types; with `minQueryLength` 0 also before. */
export function externalSelect(parts: {
  actionId: string;
  placeholder: string;
  initial?: Choice;
  minQueryLength?: number;
}): ExternalSelect {
  return {
    type: 'external_select',
    action_id: fits(parts.actionId, LIMITS.actionId),
    placeholder: plainText(parts.placeholder, LIMITS.placeholder),
    min_query_length: parts.minQueryLength ?? 0,
    ...(parts.initial && { initial_option: option(parts.initial) }),
  };
}

/** Channels the person is in; where it was opened from, if it was a channel. Not direct messages. */
export function channelSelect(parts: { actionId: string; placeholder: string }): ConversationsSelect {
  return {
    type: 'conversations_select',
    action_id: fits(parts.actionId, LIMITS.actionId),
    placeholder: plainText(parts.placeholder, LIMITS.placeholder),
    default_to_current_conversation: true,
    filter: { include: ['public', 'private'], exclude_bot_users: true },
  };
}

export function overflow(parts: { actionId: string; choices: Choice[]; confirm?: ConfirmParts }): Overflow {
  return {
    type: 'overflow',
    action_id: fits(parts.actionId, LIMITS.actionId),
    options: parts.choices.slice(0, LIMITS.overflowOptions).map(option),
    ...(parts.confirm && { confirm: confirmDialog(parts.confirm) }),
  };
}

export type TextInputParts = {
  actionId: string;
  placeholder?: string;
  initial?: string;
  multiline?: boolean;
  maxLength?: number;
};

export function textInput(parts: TextInputParts): PlainTextInput {
  const max = Math.min(parts.maxLength ?? LIMITS.inputText, LIMITS.inputText);
  return {
    type: 'plain_text_input',
    action_id: fits(parts.actionId, LIMITS.actionId),
    max_length: max,
    ...(parts.multiline && { multiline: true }),
    ...(parts.placeholder && { placeholder: plainText(parts.placeholder, LIMITS.placeholder) }),
    ...(parts.initial && { initial_value: truncatePlain(printable(parts.initial), max) }),
  };
}

export type InputParts = {
  blockId: string;
  label: string;
  element: InputBlock['element'];
  optional?: boolean;
  hint?: string;
  /** Report each change as an action. */
  dispatch?: boolean;
};

export function input(parts: InputParts): InputBlock {
  return {
    type: 'input',
    block_id: fits(parts.blockId, LIMITS.blockId),
    label: plainText(parts.label, LIMITS.inputLabel),
    element: parts.element,
    ...(parts.optional && { optional: true }),
    ...(parts.hint && { hint: plainText(parts.hint, LIMITS.inputHint) }),
    ...(parts.dispatch && { dispatch_action: true }),
  };
}
