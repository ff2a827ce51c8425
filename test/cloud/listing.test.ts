// Finding servers: every filter, names made to be misread, pages to the empty last one, and what changed since.
import { describe, expect, test } from 'vitest';
import {
  listChangedServers,
  listServers,
  resizeServer,
  showServer,
  stopServer,
  type ServerFilter,
  type ServerPage,
} from '../../src/openstack/servers.ts';
import { showFlavor } from '../../src/openstack/flavors.ts';
import { uniqueName, unknownId } from './support/unique.ts';
import { useCloud } from './support/use-cloud.ts';
import { useStock } from './support/use-stock.ts';
import { settled } from './support/watching.ts';

const house = await useCloud();
const stock = useStock(house);
const { small, medium } = house.under.flavors;

async function found(filter: ServerFilter): Promise<string[]> {
  return (await listServers(await house.member(), filter)).servers.map((server) => server.id);
}

describe('by name', () => {
  test('the whole name, a part of it, and in capitals', async () => {
    const { id, name } = await house.server();
    expect(await found({ name })).toEqual([id]);
    expect(await found({ name: name.slice(3) })).toEqual([id]);
    expect(await found({ name: name.toUpperCase() })).toEqual([id]);
    expect(await found({ name: `${name}x` })).toEqual([]);
  });

  test.each([
    'web.*(1)[',
    'a|b',
    '|',
    '^start$',
    String.raw`back\slash\d`,
    '{2,3}+?',
    'quote\'s "double" `tick`',
    '100%_sure--;',
    '<!channel> *bold* _it_ ~no~',
    '&amp; <@U0BOB>',
    'Größe-サーバ',
    '[[:alpha:]]',
    '#hash (?i)x',
  ])('a name made to be misread is taken letter by letter: %s', async (hostile) => {
    const prefix = uniqueName('h');
    const { id } = await house.server({ name: `${prefix} ${hostile}` });
    expect((await showServer(await house.member(), id)).name).toBe(`${prefix} ${hostile}`);
    expect(await found({ name: `${prefix} ${hostile}` })).toEqual([id]);
    expect(await found({ name: hostile })).toContain(id);
    expect(await found({ name: `${prefix}.${hostile}` })).toEqual([]);
  });

  test('two servers of the same name are both found', async () => {
    const name = uniqueName('twin');
    const twins = [await house.server({ name }), await house.server({ name })];
    expect((await found({ name })).toSorted()).toEqual(twins.map((twin) => twin.id).toSorted());
  });
});

describe('by what they are', () => {
  test('status, whose old words are refused and whose deleted ones are not for everybody', async () => {
    const { id, name } = await house.stoppedServer();
    expect(await found({ name, status: 'SHUTOFF' })).toEqual([id]);
    expect(await found({ name, status: 'ACTIVE' })).toEqual([]);
    await expect(found({ status: 'SLEEPING' })).rejects.toMatchObject({ kind: 'bad_request' });
  });

  test('flavor', async () => {
    const { id, name } = await house.server();
    expect(await found({ name, flavor: small })).toEqual([id]);
    expect(await found({ name, flavor: medium })).toEqual([]);
    expect(await found({ flavor: unknownId() })).toEqual([]);
  });

  test('image', async () => {
    const { id, name } = await house.server();
    const { imageId } = await showServer(await house.member(), id);
    expect(imageId).not.toBeNull();
    expect(await found({ name, image: imageId ?? '' })).toEqual([id]);
    expect(await found({ name, image: unknownId() })).toEqual([]);
  });

  test('tags they do not have', async () => {
    const prefix = uniqueName('tagged');
    const plain = await house.server({ name: `${prefix}-plain` });
    const kept = await house.server({ name: `${prefix}-kept`, tags: ['keep', 'red'] });
    expect(await found({ name: prefix, notTags: ['keep'] })).toEqual([plain.id]);
    expect(await found({ name: prefix, notTags: ['keep', 'blue'] })).toContain(kept.id);
    expect((await showServer(await house.member(), kept.id)).tags.toSorted()).toEqual(['keep', 'red']);
  });

  test('the reservation they came from', async () => {
    const { id, reservationId } = await house.server();
    expect(await found({ reservationId })).toEqual([id]);
    expect(await found({ reservationId: 'r-nothing' })).toEqual([]);
  });
});

test('an administrator lists the servers of all projects', async (context) => {
  const administrator = await house.connect(context, 'administrator');
  const { id, name } = await house.server();
  expect((await listServers(administrator, { name })).servers).toEqual([]);
  const everywhere = await listServers(administrator, { name, allProjects: true });
  expect(everywhere.servers.map((server) => server.id)).toEqual([id]);
});

test('a server that no host took is listed in ERROR, and tells why only where it is shown by itself', async (context) => {
  const cloud = await house.member();
  const { id, name } = await stock.create({ flavorId: await house.roomlessFlavor(context) });
  const { server } = await settled(await house.watcher(), id, 'ERROR');
  expect(server.fault?.message).toMatch(/^No valid host was found\./);
  const [listed] = (await listServers(cloud, { name })).servers;
  expect(listed).toMatchObject({ id, status: 'ERROR', fault: null });
});

describe('page by page', () => {
  test('each server once, newest first, and then an empty page', async () => {
    const cloud = await house.member();
    const prefix = uniqueName('page');
    const made: string[] = [];
    for (const letter of ['a', 'b', 'c', 'd']) made.push((await house.server({ name: `${prefix}-${letter}` })).id);
    const page = async (marker: string | null): Promise<ServerPage> =>
      listServers(cloud, { name: prefix, limit: 2, ...(marker !== null && { marker }) });
    const first = await page(null);
    const second = await page(first.next);
    const listed = [...first.servers, ...second.servers];
    expect(listed.map((server) => server.id).toSorted()).toEqual(made.toSorted());
    const ages = listed.map((server) => server.createdAt ?? 0);
    expect(ages).toEqual(ages.toSorted((one, other) => other - one));
    expect([first.next, second.next]).toEqual([listed[1]?.id, listed[3]?.id]);
    // A full page says that there may be more: only the next one knows.
    expect(await page(second.next)).toMatchObject({ servers: [], next: null });
  });

  test('a page that is not full is the last', async () => {
    const { name } = await house.server();
    expect(await listServers(await house.member(), { name, limit: 2 })).toMatchObject({ next: null });
  });

  test('the marker may have been deleted meanwhile, or fit the list no longer', async () => {
    const cloud = await house.member();
    const prefix = uniqueName('gone');
    const oldest = await house.server({ name: `${prefix}-a` });
    const stopped = await house.stoppedServer({ name: `${prefix}-b` });
    const deleted = await house.server({ name: `${prefix}-c` });
    await house.remove(deleted.id);
    const after = async (marker: string): Promise<string[]> =>
      (await listServers(cloud, { name: prefix, status: 'ACTIVE', marker })).servers.map((server) => server.id);
    expect(await after(deleted.id)).toEqual([oldest.id]);
    expect(await after(stopped.id)).toEqual([oldest.id]);
    expect(await after(oldest.id)).toEqual([]);
  });
});

describe('what has changed since a moment', () => {
  test('includes what was deleted, and leaves out what was not touched', async () => {
    const cloud = await house.member();
    const kept = await house.server();
    const changed = await house.server();
    const deleted = await house.server();
    // By the cloud's own clock, in the second after the last change: times have no smaller part there.
    const since = await house.nextSecond();
    await stopServer(cloud, changed.id, { hard: false });
    await settled(await house.watcher(), changed.id, 'SHUTOFF');
    await house.remove(deleted.id);
    const { servers, at } = await listChangedServers(cloud, since);
    const seen = new Map(servers.map((server) => [server.id, server]));
    expect(seen.get(changed.id)?.status).toBe('SHUTOFF');
    expect(seen.get(deleted.id)?.status).toBe('DELETED');
    expect(seen.has(kept.id)).toBe(false);
    expect(at).toBeGreaterThanOrEqual(since);
  });

  test('shows a resize that waits, with its new flavor', async () => {
    const cloud = await house.member();
    const { id } = await house.server();
    const since = await house.nextSecond();
    await resizeServer(cloud, id, medium);
    await settled(await house.watcher(), id, 'VERIFY_RESIZE');
    const { servers } = await listChangedServers(cloud, since);
    expect(servers.find((server) => server.id === id)).toMatchObject({
      status: 'VERIFY_RESIZE',
      taskState: null,
      flavor: { name: (await showFlavor(cloud, medium)).name },
    });
  });
});
