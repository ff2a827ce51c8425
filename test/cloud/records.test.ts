// What was done to a server, what a project may use, and which flavors there are.
import { describe, expect, test } from 'vitest';
import { listAllFlavors, listFlavors, showFlavor } from '../../src/openstack/flavors.ts';
import { showLimits } from '../../src/openstack/limits.ts';
import { listServerActions, showServerAction } from '../../src/openstack/server-actions.ts';
import { confirmResize, resizeServer, showServer, stopServer } from '../../src/openstack/servers.ts';
import { useCloud } from './support/use-cloud.ts';
import { settled } from './support/watching.ts';

const house = await useCloud();
const { small, medium } = house.under.flavors;

describe('the record of a server', () => {
  test('is newest first, each under the id its call was answered with', async () => {
    const cloud = await house.member();
    const { id } = await house.server();
    const resize = await resizeServer(cloud, id, medium);
    await settled(await house.watcher(), id, 'VERIFY_RESIZE');
    const confirm = await confirmResize(cloud, id);
    await settled(await house.watcher(), id, 'ACTIVE');
    const actions = await listServerActions(cloud, id);
    expect(actions.map(({ action }) => action)).toEqual(['confirmResize', 'resize', 'create']);
    expect(actions.map(({ requestId }) => requestId).slice(0, 2)).toEqual([confirm.requestId, resize.requestId]);
    const { userId } = await showServer(cloud, id);
    expect(actions.every((action) => action.userId === userId && !action.failed)).toBe(true);
  });

  test('tells the events of a resize in the order they began, each with its end', async () => {
    const cloud = await house.member();
    const { id } = await house.server();
    const { requestId } = await resizeServer(cloud, id, medium);
    await settled(await house.watcher(), id, 'VERIFY_RESIZE');
    const record = await house.until(async () => {
      const seen = await showServerAction(cloud, id, requestId ?? '');
      return seen?.events.every((event) => event.finishedAt !== null) === true && seen;
    }, 'the last event of the resize to end');
    expect(record.events.map(({ name }) => name)).toEqual([
      'conductor_migrate_server',
      'cold_migrate',
      'compute_prep_resize',
      'compute_resize_instance',
      'compute_finish_resize',
    ]);
    expect(record.events.every(({ result }) => result === 'Success')).toBe(true);
  });

  test('has nothing under an id that no call was answered with', async () => {
    const { id } = await house.server();
    expect(await showServerAction(await house.member(), id, 'req-00000000-0000-4000-8000-000000000000')).toBeNull();
  });

  test('outlives the server', async () => {
    const cloud = await house.member();
    const { id } = await house.server();
    await house.remove(id);
    expect((await listServerActions(cloud, id)).map(({ action }) => action)).toEqual(['delete', 'create']);
  });

  test('is open to whoever may only look', async (context) => {
    const reader = await house.connect(context, 'reader');
    const { id } = await house.server();
    const [created] = await listServerActions(reader, id);
    expect(created?.action).toBe('create');
    expect(await showServerAction(reader, id, created?.requestId ?? '')).toMatchObject({ action: 'create' });
  });
});

describe('the limits of a project', () => {
  test('count a server while it is there, with what its flavor takes', async () => {
    const cloud = await house.member();
    const flavor = await showFlavor(cloud, small);
    const before = await showLimits(cloud);
    const { id } = await house.server();
    const during = await showLimits(cloud);
    expect(during).toEqual({
      servers: { used: (before.servers.used ?? 0) + 1, max: before.servers.max },
      cores: { used: (before.cores.used ?? 0) + flavor.vcpus, max: before.cores.max },
      ramMiB: { used: (before.ramMiB.used ?? 0) + flavor.ramMiB, max: before.ramMiB.max },
    });
    await house.remove(id);
    expect(await showLimits(cloud)).toEqual(before);
  });

  test('count a stopped server as well, and both flavors of a resize that waits', async () => {
    const cloud = await house.member();
    const [less, more] = await Promise.all([showFlavor(cloud, small), showFlavor(cloud, medium)]);
    const { id } = await house.server();
    const before = await showLimits(cloud);
    await stopServer(cloud, id, { hard: false });
    await settled(await house.watcher(), id, 'SHUTOFF');
    expect(await showLimits(cloud)).toEqual(before);
    await resizeServer(cloud, id, medium);
    await settled(await house.watcher(), id, 'VERIFY_RESIZE');
    const waiting = await showLimits(cloud);
    expect((waiting.cores.used ?? 0) - (before.cores.used ?? 0)).toBe(more.vcpus - less.vcpus);
  });
});

describe('flavors', () => {
  test('are listed with everything a choice needs', async () => {
    const flavors = await listAllFlavors(await house.member());
    const chosen = flavors.filter(({ id }) => id === small || id === medium);
    expect(chosen).toHaveLength(2);
    for (const flavor of chosen) {
      expect(flavor).toMatchObject({ disabled: false, isPublic: true, vcpus: expect.any(Number) });
      expect(flavor.ramMiB).toBeGreaterThan(0);
      expect(flavor).toEqual(await showFlavor(await house.member(), flavor.id));
    }
  });

  test('are filtered by the least they must have', async () => {
    const cloud = await house.member();
    const { ramMiB, diskGiB } = await showFlavor(cloud, medium);
    const enough = await listFlavors(cloud, { minRamMiB: ramMiB, minDiskGiB: diskGiB });
    expect(enough.flavors.map(({ id }) => id)).toContain(medium);
    expect(enough.flavors.every((flavor) => flavor.ramMiB >= ramMiB && flavor.diskGiB >= diskGiB)).toBe(true);
    expect((await listFlavors(cloud, { minRamMiB: 1_000_000_000 })).flavors).toEqual([]);
  });

  test.each(['asc', 'desc'] as const)('are sorted (%s) and paged to the empty last page', async (sortDir) => {
    const cloud = await house.member();
    const all = (await listFlavors(cloud, { sortKey: 'vcpus', sortDir })).flavors;
    const sizes = all.map(({ vcpus }) => vcpus);
    expect(sizes).toEqual(sizes.toSorted((one, other) => (sortDir === 'asc' ? one - other : other - one)));
    const paged: string[] = [];
    let marker: string | null = null;
    do {
      const page = await listFlavors(cloud, {
        sortKey: 'vcpus',
        sortDir,
        limit: 1,
        ...(marker !== null && { marker }),
      });
      paged.push(...page.flavors.map(({ id }) => id));
      marker = page.next;
    } while (marker !== null);
    expect(paged).toEqual(all.map(({ id }) => id));
  });

  test.each([{ sortKey: 'beauty' }, { marker: 'no-such-flavor' }, { minRamMiB: Number.NaN }])(
    'are refused when asked for with %o',
    async (filter) => {
      await expect(listFlavors(await house.member(), filter)).rejects.toMatchObject({ kind: 'bad_request' });
    },
  );

  test('that are not public are no secret to whoever is not asked: everybody sees the public ones', async () => {
    const flavors = (await listFlavors(await house.member(), { isPublic: false })).flavors;
    expect(flavors.every(({ isPublic }) => isPublic)).toBe(true);
  });
});
