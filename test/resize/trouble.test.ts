// The cloud does not do what it was told, others are at the server, somebody is not signed in.
import { describe, expect, it } from 'vitest';
import { ALICE, BOB, createHouse, POLL_MS, SERVER, type House } from './house/house.ts';
import { approved, asked, buttons, card, failure, HOUR, log, MINUTE, resized, words } from './house/scenes.ts';

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

describe('a cloud that goes away while it works', () => {
  async function resizing() {
    const { house, id } = await asked();
    house.nova.fail('resize', { kind: 'hangs' });
    await house.click(id, { kind: 'approve', by: BOB });
    await house.until(id, 'resizing');
    await house.pass(MINUTE);
    return { house, id };
  }
  const says = (house: House, id: string) => JSON.stringify(card(house, id)?.blocks);
  const edits = (house: House, id: string) => house.puts.filter(({ key }) => key === `resize:${id}:card`).length;

  it('is told on the card within some looks, with the time, and in one edit', async () => {
    const { house, id } = await resizing();
    expect(says(house, id)).not.toContain('does not answer');
    house.nova.world.away = true;
    const before = edits(house, id);
    const since = house.clock.at + POLL_MS;
    await house.pass(3 * POLL_MS);
    expect(says(house, id)).toContain('The cloud does not answer, since');
    expect(house.read(id).note).toEqual({ kind: 'cloud_away', since, away: 'cloud' });
    await house.pass(5 * MINUTE);

    expect(edits(house, id) - before).toBe(1);
    expect(house.read(id)).toMatchObject({ state: 'resizing', note: { kind: 'cloud_away', since } });
  });

  it('is no longer told as soon as the cloud is seen again', async () => {
    const { house, id } = await resizing();
    house.nova.world.away = true;
    await house.pass(MINUTE);
    house.nova.world.away = false;
    await house.pass(POLL_MS);

    expect(says(house, id)).not.toContain('does not answer');
    expect(house.read(id).state).toBe('resizing');
  });

  it('is not blamed for an identity provider that is away', async () => {
    const { house, id } = await resizing();
    house.provider.away = true;
    await house.pass(MINUTE);
    expect(says(house, id)).toContain('The identity provider does not answer, since');
    expect(says(house, id)).not.toContain('The cloud does not answer');
    house.provider.away = false;
    await house.pass(MINUTE);

    expect(says(house, id)).not.toContain('does not answer');
  });

  it('is not told of one look that failed', async () => {
    const { house, id } = await resizing();
    const before = edits(house, id);
    house.nova.world.away = true;
    await house.pass(POLL_MS);
    house.nova.world.away = false;
    await house.pass(MINUTE);

    expect(edits(house, id)).toBe(before);
  });

  it('leaves a resized server’s card alone, which waits for people', async () => {
    const { house, id } = await resized();
    const before = edits(house, id);
    house.nova.world.away = true;
    await house.pass(20 * MINUTE);

    expect(edits(house, id)).toBe(before);
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

    expect(failure(house, id)).toContain('it has been locked for ten minutes');
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

  it('takes a requester who has chosen another region for absent, not the server for deleted', async () => {
    const { house, id } = await approved();
    house.regions.set(ALICE.userId, 'eu-nl');
    await house.until(id, 'needs_login');
    expect(await house.click(id, { kind: 'approve', by: BOB })).toMatchObject({ code: 'already_done' });
    house.regions.delete(ALICE.userId);
    await house.until(id, 'awaiting_confirmation');
  });

  it('tells an approver in another region to change it', async () => {
    const { house, id } = await asked();
    house.regions.set(BOB.userId, 'eu-nl');
    expect(await house.click(id, { kind: 'approve', by: BOB })).toMatchObject({
      message:
        'web-1 is in the default region, and you have chosen eu-nl. Choose the default region with the region command, then try again.',
    });
  });
});
