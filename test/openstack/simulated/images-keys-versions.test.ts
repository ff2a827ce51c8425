// Images, key pairs and versions, through the whole edge, on the strict simulated cloud.
import { describe, expect, test } from 'vitest';
import { showVersions, usedVersion } from '../../../src/openstack/api-versions.ts';
import { listImages, showImage } from '../../../src/openstack/images.ts';
import { deleteKeyPair, generateKeyPair, importKeyPair, listKeyPairs } from '../../../src/openstack/keypairs.ts';
import { thrown } from '../edge.ts';
import { open, signIn, useScenes } from './scene.ts';

useScenes();

describe('images', () => {
  test('are those of everybody and one’s own, a page at a time', async () => {
    const { cloud, me } = await open();
    const first = await listImages(me, { limit: 4 });
    const rest = await listImages(me, { limit: 4, ...(first.next !== null && { marker: first.next }) });
    expect([...first.items, ...rest.items].map(({ name }) => name).toSorted()).toEqual([
      'centos-7',
      'debian-12',
      'rocky-9',
      'ubuntu-24.04',
      'web-golden',
      'windows-2025',
    ]);
    const bootable = await listImages(me, { bootable: true });
    expect(bootable.items.map(({ name }) => name)).not.toContain('centos-7');
    expect((await listImages(me, { visibility: 'private' })).items).toMatchObject([{ name: 'web-golden' }]);
    const { id } = cloud.world.stock.image('windows-2025');
    expect(await showImage(me, id)).toMatchObject({ minDiskGiB: 40, minRamMiB: 4096 });
  });

  test('on OTC are asked for by kind', async () => {
    const { me } = await open({ mode: 'otc' });
    expect((await listImages(me, { bootable: true, kind: 'private' })).items).toMatchObject([{ name: 'web-golden' }]);
  });
});

describe('key pairs', () => {
  test('are made, told once, brought along and deleted, each person’s own', async () => {
    const { cloud, me } = await open();
    const { keyPair, privateKey } = await generateKeyPair(me, 'mine');
    expect(privateKey.reveal()).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
    expect(await thrown(generateKeyPair(me, 'mine'))).toMatchObject({ kind: 'conflict' });
    await importKeyPair(me, { name: 'again@home', publicKey: keyPair.publicKey });
    const listed = await listKeyPairs(me);
    expect(listed.map(({ name }) => name)).toEqual(['again@home', 'alice-key', 'mine']);
    expect(listed[0]?.fingerprint).toBe(keyPair.fingerprint);
    const bob = await signIn(cloud, { mode: 'openstack', who: 'bob' });
    expect((await listKeyPairs(bob)).map(({ name }) => name)).toEqual(['bob-key']);
    expect(await thrown(deleteKeyPair(bob, 'mine'))).toMatchObject({ kind: 'not_found' });
    await deleteKeyPair(me, 'mine');
    await deleteKeyPair(me, 'again@home');
    expect(await listKeyPairs(me)).toHaveLength(1);
  });

  test('with an @ are too new for OTC', async () => {
    const { me } = await open({ mode: 'otc' });
    const order2 = { name: 'a@b', publicKey: 'ssh-rsa x' };
    expect(await thrown(importKeyPair(me, order2))).toMatchObject({ code: 'unsupported' });
  });

  test('beyond the quota are refused', async () => {
    const seed = { projects: [{ name: 'demo', quota: { keyPairs: 1 } }, { name: 'ops' }, { name: 'admin' }] };
    const { me } = await open({ seed });
    expect(await thrown(generateKeyPair(me, 'x'))).toMatchObject({ kind: 'quota' });
  });
});

describe('versions', () => {
  test.each([
    ['2.93', '2.60', 'bot_maximum'],
    ['2.26', '2.26', 'cloud_maximum'],
    ['2.9', '2.9', 'cloud_maximum'],
  ])('up to %s are spoken as %s', async (maxMicroversion, version, because) => {
    const { me } = await open({ maxMicroversion });
    const { all, own } = await showVersions(me);
    expect(all?.map(({ id }) => id)).toEqual(['v2.0', 'v2.1']);
    expect(usedVersion(own, me.ceiling)).toEqual({ version, because });
  });
});
