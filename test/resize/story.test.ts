// The stories of a resize, on virtual time: what people see, what the cloud was asked.
import { describe, expect, it } from 'vitest';
import { ALICE, BOB, createHouse, SERVER, type House } from './house/house.ts';

async function approved(house: House, flavor = 'c1.large') {
  house.nova.addServer(SERVER);
  const { id } = await house.ask(flavor);
  expect(await house.click(id, { kind: 'approve', by: BOB })).toBeNull();
  return id;
}

describe('a resize of a running server', () => {
  it('stops, resizes, asks, confirms, starts', async () => {
    const house = createHouse();
    const id = await approved(house);

    await house.pass(60_000);
    expect(house.read(id).state).toBe('awaiting_confirmation');
    expect(await house.click(id, { kind: 'confirm', by: ALICE })).toBeNull();
    await house.pass(60_000);

    expect(house.read(id).state).toBe('succeeded');
    expect(house.nova.accepted.map((one) => one.word)).toEqual(['os-stop', 'resize', 'confirmResize', 'os-start']);
    expect(house.nova.servers.get(SERVER)).toMatchObject({ vm: 'active', flavor: { name: 'c1.large' } });
  });
});
