// Key pairs: generated or brought along, everybody's own, and a private key that is told once.
import { describe, expect, test } from 'vitest';
import {
  deleteKeyPair,
  generateKeyPair,
  importKeyPair,
  listKeyPairs,
  showKeyPair,
} from '../../src/openstack/keypairs.ts';
import { uniqueName } from './support/unique.ts';
import { needs, useCloud } from './support/use-cloud.ts';
import { PUBLIC_KEY, useStock } from './support/use-stock.ts';

const house = await useCloud();
const stock = useStock(house);

/** MD5, in pairs: what Nova tells a key by. */
const FINGERPRINT = /^([0-9a-f]{2}:){15}[0-9a-f]{2}$/;

describe('a key pair', () => {
  test('that the cloud generates comes with its private key, which is never told again', async () => {
    const cloud = await house.member();
    const name = uniqueName();
    const { keyPair, privateKey } = await generateKeyPair(cloud, name);
    house.after(async () => void (await deleteKeyPair(cloud, name)));
    expect(keyPair).toMatchObject({ name, fingerprint: expect.stringMatching(FINGERPRINT) });
    expect(keyPair.publicKey).toMatch(/^ssh-\S+ \S+/);
    expect(privateKey.reveal()).toMatch(
      /^-----BEGIN [A-Z ]*PRIVATE KEY-----\n[\s\S]+-----END [A-Z ]*PRIVATE KEY-----\n?$/,
    );
    const path = `/os-keypairs/${name}`;
    const shown = await cloud.call({ service: 'compute', method: 'GET', path, microversion: { most: '2.93' } });
    expect(JSON.stringify(shown.body)).not.toContain('PRIVATE KEY');
    expect(await showKeyPair(cloud, name)).toMatchObject({ ...keyPair, createdAt: expect.any(Number) });
  });

  test('that somebody brings along is kept as it is, and found by its fingerprint', async () => {
    const cloud = await house.member();
    const name = uniqueName('with blank');
    const made = await stock.keyPair(name);
    expect(made).toMatchObject({ name, publicKey: PUBLIC_KEY, fingerprint: expect.stringMatching(FINGERPRINT) });
    const listed = (await listKeyPairs(cloud)).find((keyPair) => keyPair.name === name);
    expect(listed).toMatchObject({ publicKey: PUBLIC_KEY, fingerprint: made.fingerprint, type: 'ssh' });
    expect(await showKeyPair(cloud, name)).toMatchObject({ publicKey: PUBLIC_KEY, fingerprint: made.fingerprint });
  });

  test('may be named with @ and dots where the cloud is new enough, and not where it is not', async () => {
    const cloud = await house.member();
    const name = `${uniqueName()}@laptop.example`;
    expect(await stock.keyPair(name)).toMatchObject({ name });
    expect((await listKeyPairs(cloud)).map((keyPair) => keyPair.name)).toContain(name);
    expect(await showKeyPair(cloud, name)).toMatchObject({ name });
    const old = await house.member({ ceiling: '2.91' });
    await expect(importKeyPair(old, { name: `${name}-2`, publicKey: PUBLIC_KEY })).rejects.toMatchObject({
      code: 'unsupported',
    });
  });

  test('is generated whatever the ceiling, for newer versions only take those brought along', async () => {
    for (const ceiling of ['2.1', '2.93']) {
      const cloud = await house.member({ ceiling });
      const name = uniqueName();
      await generateKeyPair(cloud, name);
      await deleteKeyPair(cloud, name);
    }
    const call = (await house.member()).call({
      service: 'compute',
      method: 'POST',
      path: '/os-keypairs',
      body: { keypair: { name: 'probe' } },
      microversion: { least: '2.92', most: '2.92' },
    });
    await expect(call).rejects.toMatchObject({
      kind: 'bad_request',
      status: 400,
      serviceMessage: expect.stringContaining("'public_key' is a required property"),
    });
  });
});

describe('a key pair is refused', () => {
  test('with a name that another one of the person has, generated or brought along', async () => {
    const cloud = await house.member();
    const { name } = await stock.keyPair();
    const refused = {
      kind: 'conflict',
      status: 409,
      code: 'conflictingRequest',
      serviceMessage: `Key pair '${name}' already exists.`,
    };
    await expect(importKeyPair(cloud, { name, publicKey: PUBLIC_KEY })).rejects.toMatchObject(refused);
    await expect(generateKeyPair(cloud, name)).rejects.toMatchObject(refused);
  });

  test.each([
    ['nonsense', 'ssh-rsa nonsense'],
    ['nothing', ''],
    ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----'],
  ])('from %s, and what was sent is not repeated', async (_what, publicKey) => {
    const error: unknown = await importKeyPair(await house.member(), { name: uniqueName(), publicKey }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ kind: 'bad_request', status: 400 });
    expect(String(error)).not.toContain('PRIVATE KEY');
  });

  test.each(['a/b', 'dot.below', 'at@below', 'ünder'])('named %s when generated', async (name) => {
    await expect(generateKeyPair(await house.member(), name)).rejects.toMatchObject({
      kind: 'bad_request',
      status: 400,
      serviceMessage: expect.stringMatching(/^An invalid 'name' value was provided\. The name must be: /),
    });
  });

  test('beyond the quota of the person', async (context) => {
    const setQuota = needs(context, house.under.setQuota);
    const cloud = await house.elsewhere(context);
    await stock.keyPair();
    const count = (await listKeyPairs(cloud)).length;
    house.after(await setQuota(cloud.projectId, { keyPairs: count }));
    const refused = { kind: 'quota', status: 403, serviceMessage: 'Quota exceeded, too many key pairs.' };
    await expect(generateKeyPair(cloud, uniqueName())).rejects.toMatchObject(refused);
    await expect(importKeyPair(cloud, { name: uniqueName(), publicKey: PUBLIC_KEY })).rejects.toMatchObject(refused);
  });
});

test('a key pair is found in every project of its owner', async (context) => {
  const elsewhere = await house.elsewhere(context);
  const { name, fingerprint } = await stock.keyPair();
  expect(await showKeyPair(elsewhere, name)).toMatchObject({ fingerprint });
});

test('somebody else’s key pair is not there, and may have the same name', async (context) => {
  const colleague = await house.connect(context, 'colleague');
  const { name } = await stock.keyPair();
  expect((await listKeyPairs(colleague)).map((keyPair) => keyPair.name)).not.toContain(name);
  const notFound = {
    kind: 'not_found',
    status: 404,
    serviceMessage: expect.stringContaining(`Keypair ${name} not found`),
  };
  await expect(showKeyPair(colleague, name)).rejects.toMatchObject(notFound);
  await expect(deleteKeyPair(colleague, name)).rejects.toMatchObject(notFound);
  const theirs = await generateKeyPair(colleague, name);
  await deleteKeyPair(colleague, name);
  const mine = await showKeyPair(await house.member(), name);
  expect(mine.fingerprint).not.toBe(theirs.keyPair.fingerprint);
});

test('a deleted key pair is not found, nor is one that never was', async () => {
  const cloud = await house.member();
  const { name } = await stock.keyPair();
  await deleteKeyPair(cloud, name);
  await expect(deleteKeyPair(cloud, name)).rejects.toMatchObject({
    kind: 'not_found',
    status: 404,
    serviceMessage: expect.stringMatching(/^Keypair \S+ not found for user \S+$/),
  });
  await expect(showKeyPair(cloud, 'no such key')).rejects.toMatchObject({ kind: 'not_found' });
});

test('key pairs are listed page by page, each once', async () => {
  const cloud = await house.member();
  const names = [await stock.keyPair(), await stock.keyPair(), await stock.keyPair()].map(({ name }) => name);
  const listed = (await listKeyPairs(cloud)).map(({ name }) => name);
  expect(listed).toEqual(expect.arrayContaining(names));
  expect(new Set(listed).size).toBe(listed.length);
  const page = await cloud.call({
    service: 'compute',
    method: 'GET',
    path: '/os-keypairs',
    query: [['limit', '1']],
    microversion: { least: '2.35', most: '2.35' },
  });
  expect(page.body).toMatchObject({ keypairs: [{}], keypairs_links: [{ rel: 'next' }] });
});

test('a reader may have keys, for they are nobody else’s', async (context) => {
  const reader = await house.connect(context, 'reader');
  const { name } = await stock.keyPair(uniqueName(), reader);
  expect(await showKeyPair(reader, name)).toMatchObject({ name });
});
