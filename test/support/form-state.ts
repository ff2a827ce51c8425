// What a person enters into a modal, in Slack's state shape.
import type { InputBlock, KnownBlock, Block, ModalView, PlainTextOption } from '@slack/types';
import type { ElementState, FormState } from '../simulators/slack/control-api.ts';

type Element = { type: string; action_id?: string; options?: PlainTextOption[] };

/** By the label of its field: what a search in an external menu has found. */
export type Offered = ReadonlyMap<string, PlainTextOption[]>;

/** Labels → state. A select takes the option whose text or value is, or begins with, what was asked for. */
export function formState(view: ModalView, values: Record<string, string>, offered: Offered): FormState {
  const state: FormState = {};
  for (const [label, value] of Object.entries(values)) {
    const { block, element } = field(view, label);
    const options = element.options ?? offered.get(label) ?? [];
    state[block.block_id ?? ''] = { [element.action_id ?? '']: elementState(element.type, { options, value }) };
  }
  return state;
}

/** Throws when the modal has no field of this label. */
export function field(view: ModalView, label: string): { block: InputBlock; element: Element } {
  const block = view.blocks.filter(isInput).find((one) => one.label.text === label);
  if (!block) throw new Error(`the modal has no field "${label}"`);
  return { block, element: block.element as Element };
}

function isInput(block: KnownBlock | Block): block is InputBlock {
  return block.type === 'input';
}

type Wanted = { options: PlainTextOption[]; value: string };

function elementState(type: string, { options, value }: Wanted): ElementState {
  // Slack itself fills this menu: the value is a channel's id.
  if (type === 'conversations_select') return { type, selected_conversation: value };
  return type.endsWith('select') ? { type, selected_option: optionNamed(options, value) } : { type, value };
}

export function optionNamed(options: PlainTextOption[], wanted: string): PlainTextOption {
  const exact = options.find((one) => one.value === wanted || one.text.text === wanted);
  const found = exact ?? options.find((one) => one.text.text.startsWith(wanted));
  if (!found) throw new Error(`no option "${wanted}" among ${options.map((one) => one.text.text).join(', ')}`);
  return found;
}
