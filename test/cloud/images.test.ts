// Images: found, told apart, paged, and what of them a server can be made from.
import { describe, expect, test } from 'vitest';
import { isBootable, listImages, showImage, type ImageFilter } from '../../src/openstack/images.ts';
import { uniqueName, unknownId } from './support/unique.ts';
import { useCloud } from './support/use-cloud.ts';
import { useStock } from './support/use-stock.ts';

const house = await useCloud();
const stock = useStock(house);

async function found(filter: ImageFilter): Promise<string[]> {
  return (await listImages(await house.member(), filter)).items.map(({ id }) => id);
}

test('an image says what it needs and what it is', async () => {
  const cloud = await house.member();
  const name = uniqueName();
  const id = await stock.image({ name, minDiskGiB: 3, minRamMiB: 512 });
  const image = await showImage(cloud, id);
  expect(image).toMatchObject({
    id,
    name,
    status: 'active',
    visibility: 'shared',
    minDiskGiB: 3,
    minRamMiB: 512,
    diskFormat: 'raw',
    owner: cloud.projectId,
    tags: [],
    registered: true,
  });
  expect(image.sizeBytes).toBeGreaterThan(0);
  expect(image.createdAt).not.toBeNull();
  expect((await listImages(cloud, { name })).items).toEqual([image]);
});

test('one without its contents is queued, has no size, and nothing can be made from it', async () => {
  const cloud = await house.member();
  const name = uniqueName();
  const [empty, full] = [await stock.image({ name, empty: true }), await stock.image({ name })];
  const image = await showImage(cloud, empty);
  expect(image).toMatchObject({ status: 'queued', sizeBytes: null });
  expect(isBootable(image)).toBe(false);
  expect((await found({ name })).toSorted()).toEqual([empty, full].toSorted());
  expect(await found({ name, bootable: true })).toEqual([full]);
  expect(await found({ name, status: 'queued' })).toEqual([empty]);
});

describe('images are listed', () => {
  test('by their whole name', async () => {
    const name = uniqueName('Größe <!channel> & "q"');
    const id = await stock.image({ name });
    expect(await found({ name })).toEqual([id]);
    expect(await found({ name: name.slice(0, -1) })).toEqual([]);
    expect(await found({ name: name.toUpperCase() })).toEqual([]);
  });

  test('by visibility', async () => {
    const name = uniqueName();
    const id = await stock.image({ name });
    expect(await found({ name, visibility: 'shared' })).toEqual([id]);
    expect(await found({ name, visibility: 'all' })).toEqual([id]);
    expect(await found({ name, visibility: 'public' })).toEqual([]);
    const cloud = await house.member();
    const { items } = await listImages(cloud, { visibility: 'public' });
    expect(items.every(({ visibility }) => visibility === 'public')).toBe(true);
    expect(await found({})).toContain(house.under.image);
  });

  test('newest first and page by page, to the last', async () => {
    const cloud = await house.member();
    const name = uniqueName('page');
    const made: string[] = [];
    for (const _ of [1, 2, 3]) made.push(await stock.image({ name }));
    const first = await listImages(cloud, { name, limit: 2 });
    expect(first.items).toHaveLength(2);
    expect(first.next).toBe(first.items[1]?.id);
    const second = await listImages(cloud, { name, limit: 2, marker: first.next ?? '' });
    const listed = [...first.items, ...second.items];
    expect(listed.map(({ id }) => id).toSorted()).toEqual(made.toSorted());
    const ages = listed.map(({ createdAt }) => createdAt ?? 0);
    expect(ages).toEqual(ages.toSorted((one, other) => other - one));
    expect(second.next).toBeNull();
  });

  test('not to other projects, as long as they are not shared with them', async (context) => {
    const elsewhere = await house.elsewhere(context);
    const name = uniqueName();
    const id = await stock.image({ name });
    expect((await listImages(elsewhere, { name })).items).toEqual([]);
    await expect(showImage(elsewhere, id)).rejects.toMatchObject({ kind: 'not_found', status: 404 });
  });

  test('not after a marker that there is not, nor by a visibility that there is not', async () => {
    const cloud = await house.member();
    const marker = unknownId();
    await expect(listImages(cloud, { marker })).rejects.toMatchObject({
      kind: 'bad_request',
      status: 400,
      serviceMessage: `No image found with ID ${marker}`,
    });
    const call = cloud.call({ service: 'image', method: 'GET', path: '/images', query: [['visibility', 'secret']] });
    await expect(call).rejects.toMatchObject({
      kind: 'bad_request',
      serviceMessage: 'Invalid visibility value: secret',
    });
  });
});

test('an image that there is not is not found', async () => {
  const id = unknownId();
  await expect(showImage(await house.member(), id)).rejects.toMatchObject({
    kind: 'not_found',
    status: 404,
    serviceMessage: `No image found with ID ${id}`,
  });
});
