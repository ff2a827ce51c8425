// The field of a form in which one chooses a network.
import { expect, it } from 'vitest';
import { networkInput } from '../../src/commands/network/menu.ts';

const FACTS = { status: 'ACTIVE', subnetIds: [], shared: false, external: false, mtu: null, projectId: null };

function fieldOf(count: number, initial: string | null) {
  const networks = Array.from({ length: count }, (_unused, at) => {
    return { ...FACTS, id: `n-${at}`, name: `net-${at}`, description: '' };
  });
  return networkInput(networks, { actionId: 'nic:network', initial }).element;
}

it.each([
  ['a menu', 3],
  ['a search box', 101],
])('is %s of %i networks, in which the one that was typed is chosen', (_what, count) => {
  expect(fieldOf(count, 'n-2')).toMatchObject({ initial_option: { text: { text: 'net-2' }, value: 'n-2' } });
  expect(fieldOf(count, null)).not.toHaveProperty('initial_option');
});
