// Microversions: what each gives, what a ceiling takes away, and clouds that are older than they were.
import { describe, expect, test } from 'vitest';
import { showFlavor } from '../../src/openstack/flavors.ts';
import { showServerAction } from '../../src/openstack/server-actions.ts';
import { listServers, resizeServer, confirmResize, showServer, stopServer } from '../../src/openstack/servers.ts';
import type { Versions } from '../../src/openstack/versions.ts';
import { needs, useCloud } from './support/use-cloud.ts';
import { settled } from './support/watching.ts';

const house = await useCloud();
const { small, medium } = house.under.flavors;

describe('a server', () => {
  test.each(['2.1', '2.8', '2.46'])('names its flavor by id alone under a ceiling of %s', async (ceiling) => {
    const { id } = await house.server();
    expect((await showServer(await house.member({ ceiling }), id)).flavor).toEqual({ id: small });
  });

  test.each(['2.47', '2.60', '2.93', '2.100'])(
    'carries its flavor within it under a ceiling of %s',
    async (ceiling) => {
      const { id } = await house.server();
      const { name, vcpus, ramMiB, diskGiB } = await showFlavor(await house.member(), small);
      expect((await showServer(await house.member({ ceiling }), id)).flavor).toEqual({ name, vcpus, ramMiB, diskGiB });
    },
  );

  test('tells its lock from 2.9, its tags from 2.26, and is otherwise the same', async () => {
    const { id } = await house.server({ tags: ['red'] });
    const [old, lock, tags] = await Promise.all(
      ['2.1', '2.9', '2.26'].map(async (ceiling) => showServer(await house.member({ ceiling }), id)),
    );
    expect([old?.locked, lock?.locked, tags?.locked]).toEqual([null, false, false]);
    expect([old?.tags, lock?.tags, tags?.tags]).toEqual([[], [], ['red']]);
    expect(old).toEqual({ ...tags, locked: null, tags: [] });
  });
});

test('a filter that the ceiling does not allow is said to be unsupported, not left out', async () => {
  const cloud = await house.member({ ceiling: '2.25' });
  await expect(listServers(cloud, { notTags: ['keep'] })).rejects.toMatchObject({ code: 'unsupported' });
});

test('an unknown status finds nothing under an old ceiling, where a newer one refuses it', async () => {
  const filter = { status: 'SLEEPING', limit: 1 };
  expect((await listServers(await house.member({ ceiling: '2.37' }), filter)).servers).toEqual([]);
  await expect(listServers(await house.member({ ceiling: '2.38' }), filter)).rejects.toMatchObject({
    kind: 'bad_request',
  });
});

test('the events of an action are seen from 2.51, when it changed from 2.58', async () => {
  const { id } = await house.server();
  const { requestId } = await stopServer(await house.member(), id, { hard: false });
  await settled(await house.watcher(), id, 'SHUTOFF');
  const seen = async (ceiling: string) => showServerAction(await house.member({ ceiling }), id, requestId ?? '');
  const [before, events, changed] = [await seen('2.50'), await seen('2.51'), await seen('2.58')];
  expect(before).toMatchObject({ action: 'stop', failed: false, events: [], updatedAt: null });
  expect(events).toMatchObject({ events: [{ name: 'compute_stop_instance', result: 'Success' }], updatedAt: null });
  expect(changed?.updatedAt).toBeGreaterThanOrEqual(changed?.startedAt ?? Infinity);
});

test.each([
  ['2.54', null, null],
  ['2.55', 'described', null],
  ['2.61', 'described', 'specs'],
])('a flavor under a ceiling of %s', async (ceiling, _description, specs) => {
  const flavor = await showFlavor(await house.member({ ceiling }), small);
  expect(flavor).toMatchObject({ id: small, vcpus: expect.any(Number), disabled: false, isPublic: true });
  expect(flavor.extraSpecs === null).toBe(specs === null);
});

test('a version that the cloud never had is refused with its range', async () => {
  const cloud = await house.member({ versions: saying([2, 999]) });
  const call = cloud.call({ service: 'compute', method: 'GET', path: '/limits', microversion: { most: '2.999' } });
  await expect(call).rejects.toMatchObject({
    kind: 'bad_request',
    status: 406,
    code: 'computeFault',
    serviceMessage: expect.stringMatching(
      /^Version 2\.999 is not supported by the API\. Minimum is 2\.1 and maximum is 2\.\d+\.$/,
    ),
  });
});

test('a cloud that is older than it said is asked again, and the call goes on', async () => {
  const cloud = await house.member({ versions: saying([2, 999], [2, 46]) });
  const { id } = await house.server();
  const answer = await cloud.call({
    service: 'compute',
    method: 'GET',
    path: `/servers/${id}`,
    microversion: { most: '2.999' },
  });
  expect(answer.body).toMatchObject({ server: { id, flavor: { id: small } } });
});

test('an API without microversions is used all the same, the resize included', async (context) => {
  const cloud = await house.member({ overrides: { compute: needs(context, house.under.legacyCompute) } });
  const { id, name } = await house.server();
  expect((await listServers(cloud, { name })).servers).toMatchObject([{ id, flavor: { id: small }, locked: null }]);
  await resizeServer(cloud, id, medium);
  await settled({ cloud, under: house.under }, id, 'VERIFY_RESIZE');
  await confirmResize(cloud, id);
  const { server } = await settled({ cloud, under: house.under }, id, 'ACTIVE');
  expect(server.flavor).toEqual({ id: medium });
  await expect(listServers(cloud, { notTags: ['keep'] })).rejects.toMatchObject({ code: 'unsupported' });
});

/** What was learned of the endpoint: the first maximum, then, once forgotten, the next. */
function saying(...maxima: [number, number][]): Versions {
  return {
    discover: async () => ({ min: [2, 1], max: maxima[0] ?? [2, 1] }),
    forget: () => void (maxima.length > 1 && maxima.shift()),
  };
}
