// Key pairs: nested twice, told once, and named by rules that changed.
import { inspect } from 'node:util';
import nock from 'nock';
import { describe, expect, test } from 'vitest';
import {
  deleteKeyPair,
  generateKeyPair,
  importKeyPair,
  keyNameProblem,
  listKeyPairs,
  showKeyPair,
} from '../../src/openstack/keypairs.ts';
import { CLOUD, connect, offersVersions, recorded, thrown, useNock } from './edge.ts';

useNock();

const KEYS = '/v2.1/os-keypairs';

describe('key pairs', () => {
  test('of a real Nova are read through both wrappings', async () => {
    offersVersions();
    nock(CLOUD)
      .get(KEYS)
      .reply(200, recorded('os-keypairs') as nock.Body);
    expect(await listKeyPairs(connect())).toMatchObject([
      {
        name: 'alice-key',
        fingerprint: 'e3:22:77:b6:cb:6c:1b:6d:d9:4f:7d:4c:fa:97:5e:6b',
        type: null,
        createdAt: null,
      },
    ]);
  });

  test('are all listed when there are several pages', async () => {
    offersVersions();
    const key = (name: string): unknown => ({ keypair: { name, type: 'ssh' } });
    const links = [{ rel: 'next', href: 'https://None/' }];
    nock(CLOUD)
      .get(KEYS)
      .matchHeader('openstack-api-version', 'compute 2.35')
      .reply(200, { keypairs: [key('a'), { keypair: {} }], keypairs_links: links });
    nock(CLOUD)
      .get(KEYS)
      .query({ marker: 'a' })
      .reply(200, { keypairs: [key('b')] });
    expect((await listKeyPairs(connect())).map(({ name }) => name)).toEqual(['a', 'b']);
  });

  test('are shown by a name that needs writing out', async () => {
    nock(CLOUD)
      .get(`${KEYS}/alice%40home%20key`)
      .reply(200, { keypair: { name: 'alice@home key', created_at: '2026-11-21T13:35:51.000000' } });
    const shown = await showKeyPair(connect(), 'alice@home key');
    expect(shown.createdAt).toBe(Date.UTC(2026, 10, 21, 13, 35, 51));
  });

  test.each([202, 204])('are deleted, whatever the success is called: %s', async (status) => {
    nock(CLOUD).delete(`${KEYS}/k1`).reply(status);
    await deleteKeyPair(connect(), 'k1');
  });
});

describe('a generated pair', () => {
  const answer = { keypair: { name: 'k1', fingerprint: 'aa:bb', public_key: 'ssh-rsa A', private_key: '-----BEGIN' } };

  test.each([200, 201])('tells its private key once, and only when asked: %s', async (status) => {
    nock(CLOUD)
      .post(KEYS, { keypair: { name: 'k1' } })
      .reply(status, answer);
    const made = await generateKeyPair(connect(), 'k1');
    expect(made.privateKey.reveal()).toBe('-----BEGIN');
    expect(made.keyPair).toMatchObject({ name: 'k1', publicKey: 'ssh-rsa A' });
    expect(JSON.stringify(made) + inspect(made, { depth: 9 })).not.toContain('-----BEGIN');
  });

  test('is asked for without a microversion, for from 2.92 on nobody generates', async () => {
    nock(CLOUD, { badheaders: ['openstack-api-version', 'x-openstack-nova-api-version'] })
      .post(KEYS)
      .reply(200, answer);
    await generateKeyPair(connect(), 'k1');
  });

  test('without a private key is no answer', async () => {
    nock(CLOUD)
      .post(KEYS)
      .reply(200, { keypair: { name: 'k1' } });
    expect(await thrown(generateKeyPair(connect(), 'k1'))).toMatchObject({ kind: 'unexpected' });
  });

  test('of a name in use is refused', async () => {
    const { status, body } = recorded('errors/nova-duplicate-keypair-409') as { status: number; body: nock.Body };
    nock(CLOUD).post(KEYS).reply(status, body);
    expect(await thrown(generateKeyPair(connect(), 'k1'))).toMatchObject({ kind: 'conflict' });
  });

  test('beyond the quota is refused', async () => {
    nock(CLOUD)
      .post(KEYS)
      .reply(403, { forbidden: { code: 403, message: 'Quota exceeded, too many key pairs.' } });
    expect(await thrown(generateKeyPair(connect(), 'k1'))).toMatchObject({ kind: 'quota' });
  });
});

describe('an imported key', () => {
  test('is told as it is', async () => {
    nock(CLOUD)
      .post(KEYS, { keypair: { name: 'k1', public_key: 'ssh-rsa A' } })
      .reply(201, { keypair: { name: 'k1', fingerprint: 'aa:bb', public_key: 'ssh-rsa A' } });
    const order = { name: 'k1', publicKey: 'ssh-rsa A' };
    expect(await importKeyPair(connect(), order)).toMatchObject({ name: 'k1', fingerprint: 'aa:bb' });
  });

  test('may have an @ in its name where the cloud is new enough', async () => {
    offersVersions();
    nock(CLOUD)
      .post(KEYS)
      .matchHeader('openstack-api-version', 'compute 2.92')
      .reply(201, { keypair: { name: 'a@b' } });
    expect(await importKeyPair(connect(), { name: 'a@b', publicKey: 'ssh-rsa A' })).toMatchObject({ name: 'a@b' });
  });

  test('may not where it is older', async () => {
    offersVersions('2.60');
    const order = { name: 'a@b', publicKey: 'ssh-rsa A' };
    expect(await thrown(importKeyPair(connect(), order))).toMatchObject({ code: 'unsupported' });
  });
});

describe('the name of a key pair', () => {
  test.each([
    ['my key_1-2', 'generate', null],
    ['a@b.example', 'import', null],
    ['a@b.example', 'generate', /letters, digits, blanks, _ and - only/],
    ['a/b', 'import', /@ and dots only/],
    ['Größe', 'import', /only/],
    [' x', 'import', /no blanks at its ends/],
    ['', 'generate', /1 to 255/],
    ['x'.repeat(256), 'generate', /1 to 255/],
  ] as const)('“%s” to %s', (name, how, expected) => {
    const problem = keyNameProblem(name, how);
    if (expected === null) expect(problem).toBeNull();
    else expect(problem).toMatch(expected);
  });
});
