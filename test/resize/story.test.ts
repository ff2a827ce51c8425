// The stories of a resize, on virtual time: what people see, and what the cloud was asked.
import { describe, expect, it } from 'vitest';
import { ALICE, BOB, CAROL, createHouse, MALLORY, SERVER, type House } from './house/house.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

async function asked(changes: Parameters<House['nova']['addServer']>[1] = {}): Promise<{ house: House; id: string }> {
  const house = createHouse();
  house.nova.addServer(SERVER, changes);
  const { id } = await house.ask();
  return { house, id };
}

async function approved(changes: Parameters<House['nova']['addServer']>[1] = {}) {
  const { house, id } = await asked(changes);
  expect(await house.click(id, { kind: 'approve', by: BOB })).toBeNull();
  return { house, id };
}

async function resized() {
  const { house, id } = await approved();
  await house.until(id, 'awaiting_confirmation');
  return { house, id };
}

const words = (house: House) => house.nova.accepted.map((one) => one.word);
const card = (house: House, id: string) => house.messages.get(`resize:${id}:card`);
const log = (house: House, id: string) =>
  [...house.messages.values()].filter((one) => one.key.startsWith(`resize:${id}:log:`)).map((one) => one.text);
const buttons = (house: House, id: string) =>
  (card(house, id)?.blocks ?? [])
    .flatMap((block) => (block.type === 'actions' ? block.elements : []))
    .flatMap((element) => (element.type === 'button' ? [element.text.text] : []));
const failure = (house: House, id: string) => house.read(id).events.at(-1)?.said;

describe('a resize from the asking to the end', () => {
  it('stops, resizes, asks, confirms and starts a running server', async () => {
    const { house, id } = await resized();
    expect(await house.click(id, { kind: 'confirm', by: ALICE })).toBeNull();
    await house.until(id, 'succeeded');

    expect(words(house)).toEqual(['os-stop', 'resize', 'confirmResize', 'os-start']);
    expect(house.nova.servers.get(SERVER)).toMatchObject({ vm: 'active', flavor: { name: 'c1.large' } });
  });

  it('leaves a server that was shut off shut off', async () => {
    const { house, id } = await approved({ vm: 'stopped', powered: false });
    await house.until(id, 'awaiting_confirmation');
    await house.click(id, { kind: 'confirm', by: ALICE });
    await house.until(id, 'succeeded');

    expect(words(house)).toEqual(['resize', 'confirmResize']);
    expect(house.nova.servers.get(SERVER)).toMatchObject({ vm: 'stopped', flavor: { name: 'c1.large' } });
  });

  it('goes back to the old flavor and runs again after a revert by an approver', async () => {
    const { house, id } = await resized();
    await house.click(id, { kind: 'revert', by: BOB });
    await house.until(id, 'reverted');

    expect(words(house)).toEqual(['os-stop', 'resize', 'revertResize', 'os-start']);
    expect(house.nova.servers.get(SERVER)).toMatchObject({ vm: 'active', flavor: { name: 's2.small' } });
  });

  it('never offers Confirm again while a stopped server powers off after a revert', async () => {
    const { house, id } = await resized();
    await house.click(id, { kind: 'revert', by: ALICE });
    house.puts.length = 0;
    await house.until(id, 'reverted');

    expect(house.puts.flatMap((put) => JSON.stringify(put.blocks ?? []).match(/resize:confirm/g) ?? [])).toEqual([]);
  });

  it('offers on the card what can be done in each state, and nothing else', async () => {
    const { house, id } = await asked();
    expect(buttons(house, id)).toEqual(['Approve', 'Deny', 'Cancel']);
    await house.click(id, { kind: 'approve', by: BOB });
    expect(buttons(house, id)).toEqual([]);
    await house.until(id, 'awaiting_confirmation');
    expect(buttons(house, id)).toEqual(['Confirm', 'Revert']);
    await house.click(id, { kind: 'confirm', by: ALICE });
    expect(buttons(house, id)).toEqual([]);
  });

  it('keeps the log in the thread under the card and tells the requester the end by DM', async () => {
    const { house, id } = await resized();
    await house.click(id, { kind: 'confirm', by: BOB });
    await house.until(id, 'succeeded');

    expect(log(house, id)).toEqual([
      'Approved by <@UBOB>.',
      'Resized to `c1.large`, to be confirmed or reverted. <@UALICE> <@UBOB>: look at the server, then press Confirm or Revert on the card.',
      'Confirm chosen by <@UBOB>.',
      'Done: `web-1` has flavor `c1.large` and is running.',
    ]);
    expect(house.messages.get(`resize:${id}:dm`)).toMatchObject({
      to: { userId: 'UALICE' },
      text: expect.stringContaining('Resized'),
    });
    expect(house.messages.get(`resize:${id}:log:1`)?.under).toBe(`resize:${id}:card`);
  });
});

describe('asking', () => {
  it('posts one card for the same wish delivered twice', async () => {
    const { house, id } = await asked();
    expect((await house.ask()).id).toBe(id);
  });

  it('refuses a second request for the same server by name', async () => {
    const { house, id } = await asked();
    await expect(house.ask('s2.medium')).rejects.toMatchObject({
      code: 'busy',
      message: `web-1 already has an open resize request, ${id} (to c1.large). See it through or have it cancelled first.`,
    });
  });

  it('says how much of the quota is missing', async () => {
    const house = createHouse();
    house.nova.addServer(SERVER);
    house.nova.world.limits = { cores: 2, ram: 4096 };
    await expect(house.ask()).rejects.toMatchObject({
      code: 'quota',
      message: expect.stringContaining('it lacks 2 more cores (1 of 2 are used) and 3 GiB more memory'),
    });
  });

  it.each([
    ['s2.small', 'already_done', 'web-1 already has flavor s2.small'],
    ['nothing.like.it', 'not_found', 'There is no flavor nothing.like.it'],
  ])('refuses flavor %s as %s', async (flavor, code, message) => {
    const house = createHouse();
    house.nova.addServer(SERVER);
    await expect(house.ask(flavor)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('refuses a disabled flavor and one with a smaller disk', async () => {
    const house = createHouse();
    house.nova.addServer(SERVER);
    const { flavors } = house.nova.world;
    flavors.push({ id: '15', name: 'old.retired', vcpus: 2, ram: 2048, disk: 10, disabled: true });
    flavors.push({ id: '16', name: 'thin', vcpus: 2, ram: 2048, disk: 5 });

    await expect(house.ask('old.retired')).rejects.toThrow('Flavor old.retired is disabled');
    await expect(house.ask('thin')).rejects.toThrow('a disk cannot shrink');
  });

  it('finds requests by what they wait for and by whose they are', async () => {
    const { house, id } = await asked();
    const resizes = house.resizes();
    const ids = async (filter: Parameters<typeof resizes.list>[0]) => (await resizes.list(filter)).map((one) => one.id);

    expect(await ids({ teamId: 'T1', waiting: true, limit: 10 })).toEqual([id]);
    expect(await ids({ teamId: 'T1', mine: ALICE, waiting: true, limit: 10 })).toEqual([id]);
    expect(await ids({ teamId: 'T1', mine: BOB, limit: 10 })).toEqual([]);
    expect(await ids({ teamId: 'T2', limit: 10 })).toEqual([]);
    expect((await resizes.get(id.toLowerCase().replace('r-', '')))?.id).toBe(id);
    expect((await resizes.openFor(SERVER))?.id).toBe(id);
    await house.click(id, { kind: 'cancel', by: ALICE });
    expect(await resizes.openFor(SERVER)).toBeNull();
    expect(await ids({ teamId: 'T1', waiting: true, limit: 10 })).toEqual([]);
  });
});

describe('the rights of a click', () => {
  it('keeps the requester from approving their own request', async () => {
    const { house, id } = await asked();
    expect(await house.click(id, { kind: 'approve', by: ALICE })).toMatchObject({
      code: 'not_allowed',
      message: expect.stringContaining('four-eyes rule'),
    });
    expect(house.read(id).state).toBe('awaiting_approval');
  });

  it('lets nobody of another workspace decide', async () => {
    const { house, id } = await asked();
    for (const kind of ['approve', 'deny', 'cancel', 'confirm', 'revert'] as const) {
      expect(await house.click(id, { kind, by: MALLORY })).toMatchObject({ code: 'not_allowed' });
    }
  });

  it('wants an approver to be signed in and to see the server now', async () => {
    const { house, id } = await asked();
    house.signedIn.delete(BOB.userId);
    expect(await house.click(id, { kind: 'approve', by: BOB })).toMatchObject({ code: 'not_signed_in' });
    house.signedIn.add(BOB.userId);
    house.nova.change(SERVER, { deleted: true });
    expect(await house.click(id, { kind: 'approve', by: BOB })).toMatchObject({ code: 'not_allowed' });
  });

  it('lets only the requester cancel, and only before the run', async () => {
    const { house, id } = await asked();
    expect(await house.click(id, { kind: 'cancel', by: BOB })).toMatchObject({ code: 'not_allowed' });
    await house.click(id, { kind: 'approve', by: BOB });
    expect(await house.click(id, { kind: 'cancel', by: ALICE })).toMatchObject({
      code: 'wrong_state',
      message: expect.stringContaining('can no longer be cancelled'),
    });
  });

  it('lets only the requester or an approver confirm', async () => {
    const { house, id } = await resized();
    expect(await house.click(id, { kind: 'confirm', by: CAROL })).toMatchObject({ code: 'not_allowed' });
    expect(await house.click(id, { kind: 'confirm', by: BOB })).toBeNull();
  });

  it('tells the second of two approvers who was first and when', async () => {
    const { house, id } = await asked();
    const [bob, carol] = await Promise.all([
      house.click(id, { kind: 'approve', by: BOB }),
      house.click(id, { kind: 'deny', by: CAROL }),
    ]);
    const refusals = [bob, carol].filter((one) => one !== null);

    expect(refusals).toHaveLength(1);
    expect(refusals[0]).toMatchObject({ code: 'already_done' });
    expect(refusals[0]?.mrkdwn).toMatch(/already (approved|denied) by <@U(BOB|CAROL)> at <!date\^/);
  });

  it('tells who confirmed to the one who then wants to revert', async () => {
    const { house, id } = await resized();
    await house.click(id, { kind: 'confirm', by: BOB });
    const refusal = await house.click(id, { kind: 'revert', by: ALICE });

    expect(refusal?.mrkdwn).toContain(`Request ${id} was already confirmed by <@UBOB>`);
    await house.until(id, 'succeeded');
    expect(house.nova.count('revertResize')).toBe(0);
  });
});

describe('time', () => {
  it('expires a request nobody approved, and says so on the card and to a late click', async () => {
    const { house, id } = await asked();
    await house.pass(HOUR + 10_000);

    expect(house.read(id).state).toBe('expired');
    expect(card(house, id)?.text).toContain('Expired');
    expect(buttons(house, id)).toEqual([]);
    expect(await house.click(id, { kind: 'approve', by: BOB })).toMatchObject({ code: 'expired' });
  });

  it('refuses an approval after the deadline even before the card was closed', async () => {
    const { house, id } = await asked();
    house.clock.at += HOUR;
    expect(await house.click(id, { kind: 'approve', by: BOB })).toMatchObject({ code: 'expired' });
    expect(house.read(id).state).toBe('expired');
  });

  it('confirms at the deadline, which the card named from the start', async () => {
    const { house, id } = await resized();
    expect(card(house, id)?.text).toContain('Confirmed automatically at <!date^');
    house.clock.at += 24 * HOUR;
    await house.until(id, 'succeeded');

    expect(log(house, id)).toContain('Confirmed automatically, because the deadline has passed.');
  });

  it('stays "Resizing" for as long as the cloud takes, and says that it is still at it', async () => {
    const house = createHouse();
    house.nova.addServer(SERVER);
    house.nova.fail('resize', { kind: 'hangs' });
    const { id } = await house.ask();
    await house.click(id, { kind: 'approve', by: BOB });
    await house.pass(3 * HOUR);

    expect(house.read(id)).toMatchObject({ state: 'resizing', note: { kind: 'slow' } });
    expect(JSON.stringify(card(house, id)?.blocks)).toContain('Still resizing since');
  });
});

describe('a cloud that does not do what it was told', () => {
  it('reports a resize that fell back silently, and starts the server again', async () => {
    const house = createHouse();
    house.nova.addServer(SERVER);
    house.nova.fail('resize', { kind: 'no_host' });
    const { id } = await house.ask();
    await house.click(id, { kind: 'approve', by: BOB });
    await house.until(id, 'failed');

    expect(failure(house, id)).toContain('finding a host with enough room (cold_migrate). web-1 keeps flavor s2.small');
    expect(house.nova.servers.get(SERVER)).toMatchObject({ vm: 'active', flavor: { name: 's2.small' } });
    expect(house.nova.count('resize')).toBe(1);
  });

  it('reports a server that ended in ERROR with what the cloud said', async () => {
    const house = createHouse();
    house.nova.addServer(SERVER);
    house.nova.fail('resize', { kind: 'breaks' });
    const { id } = await house.ask();
    await house.click(id, { kind: 'approve', by: BOB });
    await house.until(id, 'failed');

    expect(failure(house, id)).toContain('web-1 is in status ERROR: Virtual Interface creation failed.');
  });

  it('tells that a server could not be started again', async () => {
    const house = createHouse();
    house.nova.addServer(SERVER);
    house.nova.fail('os-start', { kind: 'breaks' });
    const { id } = await house.ask();
    await house.click(id, { kind: 'approve', by: BOB });
    await house.until(id, 'awaiting_confirmation');
    await house.click(id, { kind: 'confirm', by: ALICE });
    await house.until(id, 'failed');

    expect(failure(house, id)).toContain('Resized to c1.large.');
    expect(failure(house, id)).toContain('start it with the start command');
    expect(house.nova.count('os-start')).toBe(1);
  });

  it('accepts that the cloud confirmed by itself', async () => {
    const { house, id } = await resized();
    house.nova.actElsewhere(SERVER, 'confirmResize');
    await house.until(id, 'succeeded');

    expect(house.nova.count('confirmResize')).toBe(0);
    expect(log(house, id)).toContain('The cloud confirmed it by itself, or somebody did by another way.');
    expect(house.nova.servers.get(SERVER)?.vm).toBe('active');
  });

  it('takes a confirm that somebody else was faster with as confirmed', async () => {
    const { house, id } = await resized();
    house.nova.actElsewhere(SERVER, 'confirmResize');
    await house.click(id, { kind: 'confirm', by: ALICE });
    await house.until(id, 'succeeded');

    expect(house.nova.count('confirmResize', 'revertResize')).toBe(0);
  });

  it('says that a revert came too late when the cloud had confirmed', async () => {
    const { house, id } = await resized();
    house.nova.actElsewhere(SERVER, 'confirmResize');
    await house.click(id, { kind: 'revert', by: ALICE });
    await house.until(id, 'succeeded');

    expect(card(house, id)?.text).toContain('has flavor `c1.large`');
  });

  it('notices that somebody reverted by another way, and starts the server', async () => {
    const { house, id } = await resized();
    house.nova.actElsewhere(SERVER, 'revertResize');
    await house.until(id, 'reverted');

    expect(house.nova.servers.get(SERVER)).toMatchObject({ vm: 'active', flavor: { name: 's2.small' } });
  });

  it.each(['resizing', 'awaiting_confirmation'] as const)(
    'tells that the server was deleted while %s',
    async (state) => {
      const { house, id } = await approved();
      await house.until(id, state);
      house.nova.change(SERVER, { deleted: true });
      await house.until(id, 'failed');

      expect(failure(house, id)).toBe('web-1 no longer exists in project demo: it was deleted meanwhile.');
    },
  );

  it('asks again after 429 and 503, and never gives up on a resize that was taken with a 500', async () => {
    const house = createHouse();
    house.nova.addServer(SERVER);
    house.nova.fail('os-stop', { kind: 'http', status: 429, done: false });
    house.nova.fail('os-stop', { kind: 'http', status: 503, done: false });
    house.nova.fail('resize', { kind: 'http', status: 500, done: true });
    const { id } = await house.ask();
    await house.click(id, { kind: 'approve', by: BOB });
    await house.until(id, 'awaiting_confirmation');

    expect(words(house)).toEqual(['os-stop', 'resize']);
  });

  it('repeats a call only after it is clear that it never arrived', async () => {
    const house = createHouse();
    house.nova.addServer(SERVER);
    house.nova.fail('resize', { kind: 'not_sent' });
    const { id } = await house.ask();
    await house.click(id, { kind: 'approve', by: BOB });
    await house.until(id, 'resizing');
    await house.pass(50_000);
    expect(house.nova.count('resize')).toBe(0);
    await house.until(id, 'awaiting_confirmation');

    expect(house.nova.count('resize')).toBe(1);
  });

  it('fails with what the cloud said when it refuses, and starts the server again', async () => {
    const { house, id } = await approved();
    await house.until(id, 'stopping');
    house.nova.world.limits = { cores: 1, ram: 1024 };
    await house.until(id, 'failed');

    expect(failure(house, id)).toContain('Quota exceeded for cores');
    expect(house.nova.servers.get(SERVER)?.vm).toBe('active');
  });

  it('waits while the cloud is away, says so, and goes on', async () => {
    const { house, id } = await asked();
    await house.click(id, { kind: 'approve', by: BOB });
    house.nova.world.away = true;
    house.clock.at += 1_000;
    await house.pass(20 * MINUTE);
    expect(house.read(id).state).toBe('stopping');
    expect(JSON.stringify(card(house, id)?.blocks)).toContain('does not answer');
    house.nova.world.away = false;
    await house.until(id, 'awaiting_confirmation');

    expect(words(house)).toEqual(['os-stop', 'resize']);
  });
});

describe('a server that others are at', () => {
  it('waits for a lock to be opened, says so, and goes on', async () => {
    const { house, id } = await asked();
    house.nova.change(SERVER, { locked: true });
    await house.click(id, { kind: 'approve', by: BOB });
    await house.pass(MINUTE);
    expect(house.read(id)).toMatchObject({ state: 'approved', note: { kind: 'locked' } });
    expect(buttons(house, id)).toEqual(['Cancel']);
    house.nova.change(SERVER, { locked: false });
    await house.until(id, 'awaiting_confirmation');
  });

  it('fails after ten minutes behind a lock, with the server untouched', async () => {
    const { house, id } = await asked();
    house.nova.change(SERVER, { locked: true });
    await house.click(id, { kind: 'approve', by: BOB });
    await house.until(id, 'failed', 12 * MINUTE);

    expect(failure(house, id)).toContain('it is locked for ten minutes');
    expect(words(house)).toEqual([]);
  });

  it('asks for a choice again when the lock on a resized server stays', async () => {
    const { house, id } = await resized();
    house.nova.change(SERVER, { locked: true });
    await house.click(id, { kind: 'confirm', by: ALICE });
    await house.until(id, 'awaiting_confirmation', 15 * MINUTE);
    expect(log(house, id).at(-1)).toContain('because it is locked');
    house.nova.change(SERVER, { locked: false });
    expect(await house.click(id, { kind: 'revert', by: ALICE })).toBeNull();
    await house.until(id, 'reverted');
  });

  it('makes votes void when the server has changed before the run, and shows the new plan', async () => {
    const { house, id } = await asked();
    await house.click(id, { kind: 'approve', by: BOB });
    const again = createHouse();
    again.nova.addServer(SERVER);
    const second = await again.ask();
    again.nova.change(SERVER, { volumes: ['data-1'] });
    const refusal = await again.click(second.id, { kind: 'approve', by: BOB });

    expect(refusal).toMatchObject({ code: 'wrong_state' });
    expect(refusal?.message).toContain('It had 0 disks attached and now has 1 disk (1 added).');
    expect(card(again, second.id)?.text).toContain('Votes are void');
    expect(again.read(second.id)).toMatchObject({ state: 'awaiting_approval', plan: { volumeIds: ['data-1'] } });
    expect(await again.click(second.id, { kind: 'approve', by: BOB })).toBeNull();
  });

  it('fails before the run when the server already has the flavor', async () => {
    const { house, id } = await asked();
    house.nova.change(SERVER, { locked: true });
    await house.click(id, { kind: 'approve', by: BOB });
    const target = house.nova.world.flavors.find((flavor) => flavor.name === 'c1.large');
    if (target) house.nova.change(SERVER, { locked: false, flavor: target });
    await house.until(id, 'failed');

    expect(failure(house, id)).toContain('web-1 already has flavor c1.large');
    expect(words(house)).toEqual([]);
  });
});

describe('a missing sign-in', () => {
  it('holds the run, names who has to sign in, and goes on right after', async () => {
    const { house, id } = await approved();
    house.signedIn.delete(ALICE.userId);
    await house.until(id, 'needs_login');
    expect(card(house, id)?.text).toContain('Waiting for sign-in');
    expect(JSON.stringify(card(house, id)?.blocks)).toContain('<@UALICE>: sign in with `/ecs login`');
    await house.pass(HOUR);
    expect(house.nova.count('resize')).toBe(0);
    await house.signIn(ALICE);
    expect(house.nova.count('resize')).toBe(1);
    await house.until(id, 'awaiting_confirmation');
  });

  it('does not need anybody in particular for looking', async () => {
    const { house, id } = await approved();
    await house.until(id, 'resizing');
    house.signedIn.delete(ALICE.userId);
    await house.until(id, 'awaiting_confirmation');
  });

  it('checks an approved plan again when the sign-in came after the approval', async () => {
    const { house, id } = await asked();
    house.signedIn.delete(ALICE.userId);
    await house.click(id, { kind: 'approve', by: BOB });
    expect(house.read(id)).toMatchObject({ state: 'needs_login', held: { state: 'approved' } });
    expect(buttons(house, id)).toEqual(['Cancel']);
    house.nova.change(SERVER, { volumes: ['data-1'] });
    await house.signIn(ALICE);

    expect(house.read(id)).toMatchObject({ state: 'awaiting_approval', approvals: [] });
  });

  it('lets another confirm when the one who reaches the deadline cannot', async () => {
    const { house, id } = await resized();
    house.signedIn.delete(ALICE.userId);
    house.clock.at += 24 * HOUR;
    await house.until(id, 'needs_login');
    expect(buttons(house, id)).toEqual(['Confirm', 'Revert']);
    expect(await house.click(id, { kind: 'revert', by: BOB })).toBeNull();
    await house.until(id, 'needs_login');
    await house.signIn(ALICE);
    await house.until(id, 'reverted');

    expect(house.nova.count('confirmResize')).toBe(0);
  });
});

describe('what waiting costs', () => {
  it('looks once per project and tick while a thousand servers are being resized', async () => {
    const house = createHouse();
    const ids = await Promise.all(
      Array.from({ length: 1_000 }, async (_, index) => {
        house.nova.addServer(`s-${index}`, { name: `web-${index}`, vm: 'stopped', powered: false });
        house.nova.fail('resize', { kind: 'hangs' });
        return (await house.ask('c1.large', ALICE, `s-${index}`)).id;
      }),
    );
    for (const id of ids) await house.click(id, { kind: 'approve', by: BOB });
    await house.pass(5_000);
    house.nova.world.calls = 0;
    await house.pass(5 * MINUTE);

    expect(ids.map((id) => house.read(id).state)).toEqual(ids.map(() => 'resizing'));
    // Sixty ticks; where all thousand are listed, an empty page comes after them.
    expect(house.nova.world.calls).toBeLessThanOrEqual(66);
  });

  it('asks nothing when nothing waits, and seldom while a person thinks', async () => {
    const { house } = await asked();
    house.nova.world.calls = 0;
    await house.pass(10 * MINUTE);
    expect(house.nova.world.calls).toBe(0);
    const waiting = await resized();
    waiting.house.nova.world.calls = 0;
    await waiting.house.pass(10 * MINUTE);
    expect(waiting.house.nova.world.calls).toBeLessThanOrEqual(11);
  });

  it('keeps a request within two thousand bytes', async () => {
    const { house, id } = await resized();
    expect(JSON.stringify(house.read(id)).length).toBeLessThan(2_000);
  });
});
