// What becomes of an order, whatever the cloud makes of it, and wherever the process dies.
import { describe, expect, it } from 'vitest';
import { ALICE, createHouse, type House, ORDER } from './house.ts';
import type { OrderFault } from './mini-nova.ts';

const MINUTE = 60_000;

function stateOf(house: House) {
  return house.all()[0]?.state;
}

describe('an order', () => {
  it('becomes a server, with one card from building to ready and a word to the requester', async () => {
    const house = createHouse();
    await house.order();
    await house.pass(10_000);
    expect(house.card()?.text).toContain('⏳ Building: server `web-9`, BUILD');
    await house.pass(40_000);
    expect(stateOf(house)).toBe('active');
    expect(house.card()?.text).toContain('✅ Ready: server `web-9`, ACTIVE');
    expect(house.dm()).toMatchObject({ to: { userId: ALICE.userId }, secret: `password:${house.all()[0]?.id}` });
    expect(house.dm()?.text).toContain(
      'Your server `web-9` is ACTIVE at 10.0.0.9. Sign in to it with the key pair `laptop`.',
    );
    expect(house.nova.orders).toBe(1);
  });

  it('asks the cloud for a disk from the image that goes with the server, marked as ours', async () => {
    const house = createHouse();
    await house.order();
    await house.pass(5_000);
    expect(house.nova.servers[0]?.order).toEqual({
      name: 'web-9',
      flavorRef: 'f-1',
      block_device_mapping_v2: [
        {
          boot_index: 0,
          source_type: 'image',
          uuid: 'i-1',
          destination_type: 'volume',
          volume_size: 10,
          delete_on_termination: true,
        },
      ],
      networks: [{ uuid: 'n-1' }],
      key_name: 'laptop',
      metadata: { 'flight-deck-order': house.all()[0]?.correlation },
    });
  });

  it('never has the password in its record, its messages or the log', async () => {
    const house = createHouse();
    await house.order();
    await house.pass(MINUTE);
    expect([...house.secrets.values()]).toEqual(['S3cret-Pa55']);
    expect(JSON.stringify([house.all(), [...house.messages.values()], house.logged])).not.toContain('S3cret-Pa55');
  });

  it('is the same one when the same click is worked twice, and another for another click', async () => {
    const house = createHouse();
    await house.order();
    await house.order();
    await house.order({ ...ORDER, interactionId: 'command:T1:UALICE:2' });
    await house.pass(MINUTE);
    expect(house.all()).toHaveLength(2);
    expect(house.nova.servers).toHaveLength(2);
  });

  it('tells the fault of a server that ended in ERROR, and forgets its password', async () => {
    const house = createHouse();
    house.nova.fate = 'error';
    await house.order();
    await house.pass(MINUTE);
    expect(stateOf(house)).toBe('error');
    expect(JSON.stringify(house.card()?.blocks)).toContain(
      'The cloud could not build it. It says: “No valid host was found.',
    );
    expect(house.dm()?.secret).toBeUndefined();
    expect(house.secrets.size).toBe(0);
  });

  it('ends when somebody deletes the server before it is ready', async () => {
    const house = createHouse();
    house.nova.fate = 'deleted';
    await house.order();
    await house.pass(3 * MINUTE);
    expect(stateOf(house)).toBe('failed');
    expect(house.dm()?.text).toContain('web-9 no longer exists: somebody deleted it before it was ready.');
  });

  it('says after a quarter of an hour that the cloud takes its time', async () => {
    const house = createHouse();
    house.nova.fate = 'never';
    await house.order();
    await house.pass(20 * MINUTE);
    expect(stateOf(house)).toBe('building');
    expect(JSON.stringify(house.card()?.blocks)).toContain('Still building since');
  });

  it('tells the requester alone where the card has no channel', async () => {
    const house = createHouse();
    await house.order({ ...ORDER, channelId: null });
    await house.pass(MINUTE);
    expect(house.card()?.to).toEqual({ userId: ALICE.userId });
  });

  it.each<[OrderFault, string]>([
    [
      { kind: 'refused', as: 'quota', said: 'Quota exceeded for cores' },
      "The project's quota does not allow another server like this. It said: “Quota exceeded for cores”.",
    ],
    [
      { kind: 'refused', as: 'bad_request', said: 'Invalid key_name provided.' },
      'The cloud refused the order for web-9. It said: “Invalid key_name provided.”',
    ],
    [{ kind: 'refused', as: 'forbidden' }, 'Your role in the project does not allow creating servers like this.'],
    [
      { kind: 'refused', as: 'conflict', said: 'Multiple possible networks found' },
      'The cloud could not take the order for web-9.',
    ],
  ])('that is refused with %j is over, and says why', async (fault, sentence) => {
    const house = createHouse();
    house.nova.fail(fault);
    await house.order();
    await house.pass(2 * MINUTE);
    expect(stateOf(house)).toBe('failed');
    expect(house.all()[0]?.said).toContain(sentence);
    expect(house.nova.orders).toBe(1);
    expect(house.nova.servers).toHaveLength(0);
  });

  it.each<[string, OrderFault[], number]>([
    ['was taken, and the answer lost', [{ kind: 'lost' }], 1],
    ['was taken half a minute after we gave up waiting', [{ kind: 'late', ms: 30_000 }], 1],
    ['was taken, and answered with a 500', [{ kind: 'error' }], 1],
    ['never arrived', [{ kind: 'never' }], 2],
    ['never arrived twice', [{ kind: 'never' }, { kind: 'never' }], 3],
    [
      'was throttled',
      [
        { kind: 'refused', as: 'throttled' },
        { kind: 'refused', as: 'throttled' },
      ],
      3,
    ],
    ['met a cloud that was down', [{ kind: 'refused', as: 'unavailable' }], 2],
  ])('that %s ends in one server', async (_name, faults, orders) => {
    const house = createHouse();
    house.nova.fail(...faults);
    await house.order();
    await house.pass(8 * MINUTE);
    expect(stateOf(house)).toBe('active');
    expect(house.nova.servers).toHaveLength(1);
    expect(house.nova.orders).toBe(orders);
  });

  it('gives up when the cloud never answers, and says that no server was made', async () => {
    const house = createHouse();
    house.nova.fail(...Array.from({ length: 9 }, (): OrderFault => ({ kind: 'never' })));
    await house.order();
    await house.pass(10 * MINUTE);
    expect(stateOf(house)).toBe('failed');
    expect(house.all()[0]?.said).toContain('No server was made; try again later.');
  });

  it('says while it is uncertain that it looks before it repeats anything', async () => {
    const house = createHouse();
    house.nova.fail({ kind: 'never' });
    await house.order();
    await house.pass(10_000);
    expect(JSON.stringify(house.card()?.blocks)).toContain('It is uncertain whether the cloud took the order');
  });

  it('waits for a sign-in, says so, and goes on after it', async () => {
    const house = createHouse();
    house.signedIn.is = false;
    await house.order();
    await house.pass(5 * MINUTE);
    expect(house.nova.orders).toBe(0);
    expect(JSON.stringify(house.card()?.blocks)).toContain('<@UALICE>: sign in with `/ecs login`');
    house.signedIn.is = true;
    await house.resume();
    await house.pass(MINUTE);
    expect(stateOf(house)).toBe('active');
    expect(house.nova.orders).toBe(1);
  });

  it('waits while its requester works in another region', async () => {
    const house = createHouse();
    house.signedIn.region = 'eu-nl';
    await house.order();
    await house.pass(MINUTE);
    expect(house.nova.orders).toBe(0);
    expect(JSON.stringify(house.card()?.blocks)).toContain('you work in another one');
    house.signedIn.region = null;
    await house.pass(3 * MINUTE);
    expect(stateOf(house)).toBe('active');
  });

  it('waits out a cloud that is away before it takes the order, however long that is, and says so', async () => {
    const house = createHouse();
    house.nova.away = 'unavailable';
    await house.order();
    await house.pass(40 * MINUTE);
    expect(stateOf(house)).toBe('ordering');
    expect(JSON.stringify(house.card()?.blocks)).toContain('The cloud does not answer');
    house.nova.away = null;
    await house.pass(2 * MINUTE);
    expect(stateOf(house)).toBe('active');
    expect(house.nova.orders).toBe(1);
  });

  it('waits out a cloud that is away while the server is being built', async () => {
    const house = createHouse();
    await house.order();
    await house.pass(5_000);
    house.nova.away = 'unavailable';
    await house.pass(20_000);
    expect(JSON.stringify(house.card()?.blocks)).toContain('The cloud does not answer');
    await house.pass(5 * MINUTE);
    expect(JSON.stringify(house.card()?.blocks)).toContain('The cloud does not answer');
    house.nova.away = null;
    await house.pass(MINUTE);
    expect(stateOf(house)).toBe('active');
    expect(JSON.stringify(house.card()?.blocks)).not.toContain('does not answer');
  });
});
