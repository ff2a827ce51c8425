import { expect, it } from 'vitest';
import { HOUR, MINUTE } from '../support/clock.ts';
import { useWorlds } from '../support/world.ts';

const worlds = useWorlds();

it('signs in with an application credential entered in a window', async () => {
  const { alice, cloud } = await worlds.open();
  await alice.entersCredential(cloud.applicationCredential('alice', 'demo'));
  const { text } = await alice.seesPrivately('Signed in as alice, in project demo.');
  expect(text).toContain('Again: /ecs login --application-credential');
  expect((await alice.asks('/ecs whoami')).text).toContain('an application credential');
  expect((await alice.asks('/ecs list')).text).toContain('3 servers in project demo');
});

it('says why a credential does not work, and lets the person try again', async () => {
  const { alice, cloud, clock } = await worlds.open();
  const good = cloud.applicationCredential('alice', 'demo');
  expect(await alice.entersCredential({ id: ' ', secret: ' ' })).toMatchObject({
    id: expect.stringContaining('Enter the id'),
  });
  await alice.closesModal();
  await alice.entersCredential({ ...good, secret: 'guessed' });
  const { text } = await alice.seesPrivately('does not accept this application credential: the secret is wrong');
  expect(text).toContain('Again: /ecs login --application-credential');
  await alice.entersCredential({ id: 'no-such-credential', secret: 'x' });
  await alice.seesPrivately('The cloud knows no application credential with this ID');
  const brief = cloud.applicationCredential('alice', 'demo', { expiresAt: clock.now() + MINUTE });
  clock.advance(2 * MINUTE);
  await alice.entersCredential(brief);
  await alice.seesPrivately('the credential has expired');
  await alice.entersCredential(good);
  await alice.seesPrivately('Signed in as alice');
});

it('says that the account wants a second factor, which is no wrong secret', async () => {
  const { alice, cloud } = await worlds.open();
  const answer = {
    status: 401,
    headers: { 'Openstack-Auth-Receipt': 'receipt-1' },
    body: { receipt: { methods: ['application_credential'] }, required_auth_methods: [['password', 'totp']] },
  };
  cloud.failNext({ match: { method: 'POST', path: /auth\/tokens/ }, with: answer });
  await alice.entersCredential(cloud.applicationCredential('alice', 'demo'));
  await alice.seesPrivately('The cloud wants a second factor for this account, which I cannot give.');
});

it('says at once that a credential limited to the role member may not look at servers', async () => {
  const { alice, cloud } = await worlds.open();
  await alice.entersCredential(cloud.applicationCredential('alice', 'demo', { roles: ['member'] }));
  await alice.seesPrivately(
    /Signed in as alice, in project demo\.\s+This credential has the role member and no other: .* Create one with the roles member and reader/,
  );
  await alice.entersCredential(cloud.applicationCredential('alice', 'demo', { roles: ['member', 'reader'] }));
  await alice.seesPrivately(/Signed in as alice, in project demo\.\s+Again/);
  await alice.says('/ecs list');
  await alice.seesPrivately('3 servers in project demo');
});

it('tells people of an identity provider, for whom the cloud may make no credential, the other way in', async () => {
  const { alice } = await worlds.open();
  await alice.says('/ecs login --application-credential');
  await alice.seesModal(/Where you come to the cloud by an identity provider it may refuse to make one: .*\/ecs login/);
});

it('goes on working while the credential lives, and says so when it was deleted', async () => {
  const { alice, cloud, clock } = await worlds.open();
  const credential = cloud.applicationCredential('alice', 'demo');
  await alice.entersCredential(credential);
  await alice.seesPrivately('Signed in as alice');
  clock.advance(2 * HOUR);
  expect((await alice.asks('/ecs list')).text).toContain('web-1');
  cloud.operator.deleteApplicationCredential(credential.id);
  clock.advance(2 * HOUR);
  expect((await alice.asks('/ecs list')).text).toContain(
    'The application credential you signed in with has been deleted. Create another, then type “/ecs login --application-credential”.',
  );
});

it('does not show the secret again anywhere', async () => {
  const { alice, bob, cloud, slack } = await worlds.open();
  const credential = cloud.applicationCredential('alice', 'demo');
  await alice.entersCredential(credential);
  await alice.seesPrivately('Signed in as alice');
  expect(JSON.stringify(slack.calls)).not.toContain(credential.secret);
  bob.doesNotSee('Signed in');
});
