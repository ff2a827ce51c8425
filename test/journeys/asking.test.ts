import { expect, it } from 'vitest';
import { useWorlds, type WorldOptions } from '../support/world.ts';
import { approved, asked, orders, requestId } from './steps.ts';

const worlds = useWorlds();

const NO_QUOTA: WorldOptions = {
  cloud: {
    seed: { projects: [{ name: 'demo', quota: { cores: -1, ramMiB: -1 } }, { name: 'ops' }, { name: 'admin' }] },
  },
};
const SMALL_QUOTA: WorldOptions = {
  cloud: {
    seed: { projects: [{ name: 'demo', quota: { cores: 8, ramMiB: 16_384 } }, { name: 'ops' }, { name: 'admin' }] },
  },
};

it('is refused with what is missing when the quota is too small', async () => {
  const { alice } = await worlds.open({ ...SMALL_QUOTA, signedIn: ['alice'] });
  const refusal = await alice.asks('/ecs resize web-1 c1.2xlarge');
  expect(refusal.text).toContain(
    'The quota of project demo is too small for c1.2xlarge: it lacks 3 more cores (4 of 8 are used) and 3 GiB more memory (4 GiB of 16 GiB are used).',
  );
  expect(alice.card()).toBeNull();
});

it('is refused when it would change nothing, or to a flavor that is disabled, unknown or too small', async () => {
  const { alice } = await worlds.open({ signedIn: ['alice'] });
  const refusal = async (line: string) => (await alice.asks(line)).text;
  expect(await refusal('/ecs resize web-1 s2.small.1')).toContain(
    'web-1 already has flavor s2.small.1. Choose another one.',
  );
  expect(await refusal('/ecs resize web-1 15')).toContain('Flavor old.retired is disabled in this cloud.');
  expect(await refusal('/ecs resize web-1 c1.gigantic')).toContain('There is no flavor c1.gigantic in this project.');
  expect(await refusal('/ecs resize db-1 s2.small.1')).toContain('a disk cannot shrink');
  expect(alice.card()).toBeNull();
});

it('is refused while the server is in no state for it', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ['alice'] });
  cloud.operator.breakServer('web-1', 'lost its disk');
  expect((await alice.asks('/ecs resize web-1 c1.large')).text).toContain(
    'web-1 is ERROR; only an ACTIVE or SHUTOFF server can be resized. Bring it to one of these first, then ask again.',
  );
});

it('is refused while another request for the same server is open, which it names', async () => {
  const world = await worlds.open({ signedIn: ['alice', 'bob'] });
  await asked(world);
  const id = await requestId(world);
  expect((await world.bob.asks('/ecs resize web-1 c1.large')).text).toContain(
    `web-1 already has an open resize request, ${id} (to c1.2xlarge). See it through or have it cancelled first.`,
  );
  expect(world.bob.cards()).toHaveLength(1);
});

it('does not make a second request of a command that Slack delivers twice', async () => {
  const world = await worlds.open({ signedIn: ['alice'] });
  world.slack.faults.duplicateDeliveries = true;
  await asked(world);
  expect(world.alice.cards()).toHaveLength(1);
  expect((await world.alice.asks('/ecs requests')).text).toContain('1 request in your projects');
});

it('opens a form for what is missing, with what was typed filled in', async () => {
  const { alice, bob } = await worlds.open({ signedIn: ['alice'] });
  await alice.says('/ecs resize web-1 --reason too small');
  await alice.seesModal('Project demo. Somebody else approves it on a card in this channel.');
  expect(await alice.submits({ Flavor: 'c1.large' })).toEqual({});
  await bob.seesOnCard('Resize web-1: s2.small.1 → c1.large');
  expect(bob.card()?.text).toContain('Reason\ntoo small');
  await alice.seesModal(/R-\w+ asks to give web-1 the flavor c1\.large\. Its card is in #ops\./);
});

it('shows what is wrong in the form itself', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ['alice'] });
  await alice.says('/ecs resize');
  await alice.seesModal('Server');
  expect(Object.keys(await alice.submits({ Server: 'web-1' }))).toEqual(['flavor']);
  cloud.operator.lock('web-1');
  await alice.submits({ Server: 'web-1', Flavor: 's2.small.1' });
  await alice.seesModal('web-1 already has flavor s2.small.1. Choose another one.');
  expect(alice.card()).toBeNull();
});

it('loses nothing of what was typed when it is refused, and takes it once it is right', async () => {
  const { alice, bob, cloud } = await worlds.open({ signedIn: ['alice'] });
  await alice.says('/ecs resize');
  await alice.seesModal('Server');
  await alice.submits({ Server: 'web-1', Flavor: 's2.small.1', Reason: 'the sale starts on Friday' });
  const refused = await alice.seesModal(
    /Flavor[^]*⚠️ web-1 already has flavor s2\.small\.1\. Choose another one\.\nReason/,
  );
  expect(JSON.stringify(refused.view.blocks)).toContain('"initial_value":"the sale starts on Friday"');
  cloud.outage(true);
  await alice.submits({ Flavor: 'c1.large' });
  await alice.seesModal('⚠️ The cloud does not answer properly at the moment.');
  alice.doesNotSee('does not answer');
  cloud.outage(false);
  await alice.submits();
  await bob.seesOnCard('Resize web-1: s2.small.1 → c1.large');
  await bob.seesOnCard('the sale starts on Friday');
  await alice.seesModal('Its card is in #ops.');
});

it('searches for the server in a project that has too many for a menu', async () => {
  const { alice, bob, cloud } = await worlds.open({ ...NO_QUOTA, signedIn: ['alice'] });
  for (let count = 0; count < 120; count += 1)
    cloud.addServer({ name: `node-${count}`, project: 'demo', flavor: '11' });
  await alice.says('/ecs resize');
  await alice.seesModal('Server');
  expect((await alice.searches('Server', 'web-')).toSorted()).toEqual(['web-1', 'web-2']);
  expect(await alice.submits({ Server: 'web-1', Flavor: 'c1.large' })).toEqual({});
  await bob.seesOnCard('Resize web-1: s2.small.1 → c1.large');
});

it('is begun by the button under a server as well', async () => {
  const { alice, bob } = await worlds.open({ signedIn: ['alice'] });
  await alice.asks('/ecs show web-1');
  await alice.clicks('Resize');
  await alice.seesModal('The approvers read it.');
  await alice.submits({ Flavor: 'c1.large', Reason: 'by button' });
  await bob.seesOnCard('by button');
});

it('goes the whole way by typed words, by request and by server', async () => {
  const world = await worlds.open({ signedIn: ['alice', 'bob'] });
  const { alice, bob } = world;
  await asked(world);
  const id = await requestId(world);
  expect((await bob.asks(`/ecs approve ${id.toLowerCase()}`)).text).toContain(`Approved: ${id}, web-1 to c1.2xlarge.`);
  await alice.seesOnCard('Awaiting confirmation');
  expect((await alice.asks('/ecs revert web-1')).text).toContain(`Reverting: ${id}, web-1`);
  await alice.seesOnCard('↩️ Reverted');
  await asked(world, { flavor: 'c1.large' });
  await bob.asks('/ecs approve web-1');
  await alice.seesOnCard('Awaiting confirmation');
  await alice.asks('/ecs confirm web-1');
  await alice.seesOnCard('✅ Resized');
  await asked(world, { flavor: 'c1.2xlarge' });
  expect((await alice.asks('/ecs cancel web-1')).text).toMatch(/Cancelled: R-\w+, web-1/);
  await alice.seesOnCard('🚫 Cancelled');
  expect(orders(world)).toMatchObject({ resize: 2, revertResize: 1, confirmResize: 1 });
});

it('says so when there is nothing to decide', async () => {
  const world = await worlds.open({ signedIn: ['alice', 'bob'] });
  const { bob } = world;
  expect((await bob.asks('/ecs approve web-1')).text).toContain('No request for web-1 is open.');
  expect((await bob.asks('/ecs approve R-XXXX')).text).toContain('There is no request R-XXXX.');
  expect((await bob.asks('/ecs confirm')).text).toContain('“confirm” needs request.');
  await asked(world);
  expect((await world.alice.asks('/ecs confirm web-1')).text).toContain(
    'cannot be confirmed yet: it is "awaiting approval"',
  );
});

it('is listed with what it waits for', async () => {
  const world = await worlds.open({ signedIn: ['alice', 'bob'] });
  const { alice, bob } = world;
  await approved(world, { server: 'web-1', flavor: 'c1.large' });
  await alice.seesOnCard('Awaiting confirmation');
  await alice.asks('/ecs confirm web-1');
  await alice.seesOnCard('✅ Resized');
  await bob.says('/ecs resize web-2 c1.large');
  await bob.seesOnCard('Awaiting approval · web-2');
  const all = await alice.asks('/ecs requests');
  expect(all.text).toMatch(
    /2 requests in your projects\nR-\w+ Awaiting approval · web-2 s2\.small\.1 → c1\.large · @bob .* in #ops\nR-\w+ Resized · web-1/,
  );
  expect((await alice.asks('/ecs requests --mine')).text).toMatch(/1 request[^]*web-1/);
  expect((await alice.asks('/ecs requests --waiting')).text).toMatch(/1 request[^]*web-2/);
  expect((await alice.asks('/ecs requests --mine --waiting')).text).toContain('No such requests in your projects.');
});

it('is decided in a channel, so the bot says when it is not in there', async () => {
  const { alice } = await worlds.open({ signedIn: ['alice'], slackRefuses: ['not_in_channel', 'channel_not_found'] });
  alice.channel = 'G0SECRET';
  await alice.says('/ecs resize web-1 c1.large');
  await alice.seesInDm(/I cannot post the card of R-\w+ \(web-1\) in #incident-42: .*Invite me there/);
});
