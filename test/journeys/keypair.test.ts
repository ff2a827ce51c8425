import { expect, it } from 'vitest';
import { redisDump } from '../support/redis-dump.ts';
import { useWorlds } from '../support/world.ts';

const worlds = useWorlds();

const PUBLIC_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1aWxkIGEga2V5IHRoYXQgaXMgbm90IGEga2V5';

it('shows a new private key once, to its owner, on a page, and leaves it nowhere else', async () => {
  const { alice, bob, redis } = await worlds.open({ signedIn: ['alice', 'bob'] });
  const link = await alice.asksForLink('/ecs keypair create demo-1');
  const before = await redisDump(redis.url);
  const offer = await alice.browser.open(link);
  expect(offer.html).toContain('Private key of key pair demo-1');
  expect(offer.html).toContain('<bdi>alice</bdi>');
  expect(offer.html).not.toContain('PRIVATE KEY-----');
  const shown = await alice.browser.submit(offer);
  const key = /-----BEGIN [\s\S]+-----END [A-Z ]+-----/.exec(shown.html)?.[0] ?? '';
  const secret = key.split('\n')[1] ?? '';
  expect(secret.length).toBeGreaterThan(20);
  for (const dump of [before, await redisDump(redis.url)]) expect(dump).not.toContain(secret);
  for (const person of [alice, bob]) expect(JSON.stringify(person.view)).not.toContain(secret);
  expect((await alice.browser.submit(offer)).status).toBe(410);
  expect((await alice.browser.open(link)).status).toBe(410);
  await alice.asks('/ecs keypair list');
  await alice.seesPrivately('demo-1 · ssh');
});

it('says what happened to a link that is too old, or somebody else’s', async () => {
  const { alice, clock, botUrl } = await worlds.open({ signedIn: ['alice'] });
  const link = await alice.asksForLink('/ecs keypair create demo-1');
  clock.advance(11 * 60_000);
  const page = await alice.browser.open(link);
  expect(page.status).toBe(410);
  expect(page.html).toContain('/ecs keypair delete');
  expect((await alice.browser.open(`${botUrl}/secret/guess`)).status).toBe(410);
});

it('keeps key pairs apart by person', async () => {
  const { alice, bob } = await worlds.open({ signedIn: ['alice', 'bob'] });
  const mine = await alice.asks('/ecs keypair list');
  expect(mine.text).toContain('alice-key');
  expect(mine.text).not.toContain('bob-key');
  expect((await bob.asks('/ecs keypair list')).text).toContain('bob-key');
  const refused = await bob.asks('/ecs keypair delete alice-key');
  expect(refused.text).toContain('You have no key pair alice-key.');
});

it('imports a key by form, and refuses a private one at the field', async () => {
  const { alice } = await worlds.open({ signedIn: ['alice'] });
  await alice.says('/ecs keypair import phone');
  await alice.seesModal('Public key');
  const errors = await alice.submits({ Name: 'phone', 'Public key': '-----BEGIN OPENSSH PRIVATE KEY-----\nabc' });
  expect(Object.values(errors).join(' ')).toContain('That is a private key.');
  const body = Buffer.concat([
    Buffer.from([0, 0, 0, 11]),
    Buffer.from('ssh-ed25519'),
    Buffer.from([0, 0, 0, 32]),
    Buffer.alloc(32, 9),
  ]);
  await alice.submits({ Name: 'phone', 'Public key': `ssh-ed25519 ${body.toString('base64')} alice@phone` });
  await alice.seesModal('Your key pair phone');
  await alice.closesModal();
  expect((await alice.asks('/ecs keypair list phone')).text).toContain('1 key pair');
});

it('deletes a key pair after asking', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ['alice'] });
  await alice.asks('/ecs keypair delete alice-key');
  expect(await alice.isAskedBefore('Delete it')).toContain('servers that have it keep it');
  await alice.clicks('Delete it');
  await alice.seesPrivately('Your key pair alice-key is deleted.');
  expect(cloud.countCalls({ method: 'DELETE', path: /os-keypairs/ })).toBe(1);
});

it('names the lost private key when the answer of the cloud does not come', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ['alice'] });
  cloud.failNext({ match: { method: 'POST', path: /os-keypairs/ }, with: 'reset_after' });
  await alice.asks('/ecs keypair create demo-1');
  await alice.seesPrivately('its private key was lost on the way');
  await alice.clicks('Delete it');
  await alice.seesPrivately('Your key pair demo-1 is deleted.');
});

it('says at the field that a name is taken, and keeps the key that was pasted', async () => {
  const { alice } = await worlds.open({ signedIn: ['alice'] });
  const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1aWxkIGEga2V5IHRoYXQgaXMgbm90IGEga2V5';
  await alice.says('/ecs keypair import');
  await alice.seesModal('Public key');
  await alice.submits({ Name: 'alice-key', 'Public key': key });
  await alice.seesModal(/Name\n⚠️ You have a key pair called alice-key already\.[^]*Public key/);
  await alice.submits({ Name: 'phone' });
  await alice.seesModal('Your key pair phone');
});

it('takes a name with an @ where the cloud is new enough, and says where it is not', async () => {
  const { alice } = await worlds.open({ signedIn: ['alice'] });
  const line = `/ecs keypair import me@home ${PUBLIC_KEY}`;
  expect((await alice.asks(line)).text).toContain('Your key pair me@home');
  const older = await worlds.open({ signedIn: ['alice'], cloud: { maxMicroversion: '2.60' } });
  const { text } = await older.alice.asks(line);
  expect(text).toMatch(/2\.92/);
  expect(text).not.toMatch(/\(ref /);
});

it('refuses a name that is taken', async () => {
  const { alice } = await worlds.open({ signedIn: ['alice'] });
  await alice.asks('/ecs keypair create alice-key');
  await alice.seesPrivately('You have a key pair called alice-key already.');
});

it.each(['keypair create phone', `keypair import phone ${PUBLIC_KEY}`])(
  'says whose quota is used up, and makes nothing: %s',
  async (line) => {
    const projects = [{ name: 'demo', quota: { keyPairs: 1 } }, { name: 'ops' }, { name: 'admin' }];
    const { alice } = await worlds.open({ signedIn: ['alice'], cloud: { seed: { projects } } });
    expect((await alice.asks(`/ecs ${line}`)).text).toContain(
      'You may have no more key pairs. Delete one that you do not need, or have the quota raised.',
    );
    expect((await alice.asks('/ecs keypair list')).text).toContain('1 key pair');
  },
);
