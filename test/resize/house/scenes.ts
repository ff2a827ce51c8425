// Where stories begin, and what can be seen of them.
import { BOB, createHouse, SERVER, type House } from './house.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export async function asked(
  changes: Parameters<House['nova']['addServer']>[1] = {},
): Promise<{ house: House; id: string }> {
  const house = createHouse();
  house.nova.addServer(SERVER, changes);
  const { id } = await house.ask();
  return { house, id };
}

export async function approved(changes: Parameters<House['nova']['addServer']>[1] = {}) {
  const { house, id } = await asked(changes);
  const refusal = await house.click(id, { kind: 'approve', by: BOB });
  if (refusal) throw refusal;
  return { house, id };
}

export async function resized() {
  const { house, id } = await approved();
  await house.until(id, 'awaiting_confirmation');
  return { house, id };
}

export const words = (house: House) => house.nova.accepted.map((one) => one.word);
export const card = (house: House, id: string) => house.messages.get(`resize:${id}:card`);
export const log = (house: House, id: string) =>
  [...house.messages.values()].filter((one) => one.key.startsWith(`resize:${id}:log:`)).map((one) => one.text);
export const buttons = (house: House, id: string) =>
  (card(house, id)?.blocks ?? [])
    .flatMap((block) => (block.type === 'actions' ? block.elements : []))
    .flatMap((element) => (element.type === 'button' ? [element.text.text] : []));
export const failure = (house: House, id: string) => house.read(id).events.at(-1)?.said;
