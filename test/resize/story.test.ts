// The stories of a resize, on virtual time: what people see, and what the cloud was asked.
import { describe, expect, it } from 'vitest';
import { ALICE, BOB, CAROL, createHouse, MALLORY, SERVER } from './house/house.ts';
import { approved, asked, buttons, card, HOUR, log, resized, words } from './house/scenes.ts';

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

  it('refuses a second request of another workspace without telling of the first', async () => {
    const { house } = await asked();
    await expect(house.ask('c1.large', MALLORY)).rejects.toMatchObject({
      code: 'busy',
      message:
        'web-1 already has an open resize request in another Slack workspace. It has to be seen through or cancelled there first.',
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

  it('refuses the flavor that the server has already', async () => {
    const house = createHouse();
    house.nova.addServer(SERVER);
    await expect(house.ask('s2.small')).rejects.toMatchObject({
      code: 'already_done',
      about: 'flavor',
      message: expect.stringContaining('web-1 already has flavor s2.small'),
    });
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
    expect((await resizes.get(id.toLowerCase().replace('r-', ''), ALICE))?.id).toBe(id);
    expect(await resizes.get(id, MALLORY)).toBeNull();
    expect((await resizes.openFor(SERVER, ALICE))?.id).toBe(id);
    expect(await resizes.openFor(SERVER, MALLORY)).toEqual({ id: null, state: 'awaiting_approval' });
    await house.click(id, { kind: 'cancel', by: ALICE });
    expect(await resizes.openFor(SERVER, ALICE)).toBeNull();
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
    expect(card(house, id)?.text).toContain('Confirmed automatically <!date^');
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
