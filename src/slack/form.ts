// A submitted form, to be shown again when it is refused: as it was filled in, with the sentence that says why. Pure.
import type { ContextBlock, InputBlock, ModalView, PlainTextOption } from '@slack/types';
import { context, section } from './blocks.ts';
import type { ElementValue, Form } from './payloads.ts';
import type { Refusal } from './reply.ts';

/** What the ids of our sentences in a form begin with: the next ones take their place. */
const REFUSAL = 'refusal';

/** `text`, which is mrkdwn, to stand behind the field it is about, whose name it is told apart by. */
export function complaint(field: string, text: string): ContextBlock {
  return { ...context(`⚠️ ${text}`), block_id: `${REFUSAL}:${field}` };
}

/** Null when the payload does not say what the form looked like. */
export function filledForm(view: Form): ModalView | null {
  const { title, submit, close, blocks, callback_id: callbackId, private_metadata: metadata } = view;
  if (!title) return null;
  return {
    type: 'modal',
    title,
    ...(submit && { submit }),
    ...(close && { close }),
    ...(callbackId && { callback_id: callbackId }),
    ...(metadata && { private_metadata: metadata }),
    blocks: blocks.map((block) => (block.type === 'input' ? filledInput(block, view) : block)),
  };
}

function filledInput(block: InputBlock, { state }: Form): InputBlock {
  // It comes from outside: what every input has may be missing.
  const { element, block_id: blockId }: Partial<InputBlock> = block;
  const actionId = element && 'action_id' in element ? element.action_id : undefined;
  const value = state?.values[blockId ?? '']?.[actionId ?? ''];
  return element && value ? { ...block, element: filledElement(element, value) } : block;
}

/** The kinds that our forms are made of; any other begins again as it was. */
function filledElement(element: InputBlock['element'], value: ElementValue): InputBlock['element'] {
  switch (element.type) {
    case 'plain_text_input': {
      const { initial_value: _, ...rest } = element;
      return { ...rest, ...(value.value && { initial_value: value.value }) };
    }
    case 'static_select':
    case 'external_select': {
      const { initial_option: _, ...rest } = element;
      const chosen = optionOf(value);
      return { ...rest, ...(chosen && { initial_option: chosen }) };
    }
    case 'conversations_select': {
      const chosen = value.selected_conversation;
      return { ...element, ...(chosen && { initial_conversation: chosen }) };
    }
    default:
      return element;
  }
}

function optionOf({ selected_option: chosen }: ElementValue): PlainTextOption | null {
  if (!chosen?.text) return null;
  const { text, value, description } = chosen;
  return { text, value, ...(description && { description }) };
}

/** The sentence stands under the field it is about, else above everything. */
export function refusedForm(form: ModalView, { text, about }: Refusal): ModalView {
  const blocks = form.blocks.filter(({ block_id: id = '' }) => id !== REFUSAL && !id.startsWith(`${REFUSAL}:`));
  const field = about === undefined ? -1 : blocks.findIndex((block) => isField(block, about));
  const sentence =
    about === undefined || field === -1 ? section(`⚠️ ${text}`, { blockId: REFUSAL }) : complaint(about, text);
  return { ...form, blocks: blocks.toSpliced(field + 1, 0, sentence) };
}

/** A field that is made anew when another changes carries what it depends on behind its name: `size:image-1`. */
function isField({ type, block_id: id = '' }: { type: string; block_id?: string }, name: string): boolean {
  return type === 'input' && (id === name || id.startsWith(`${name}:`));
}
