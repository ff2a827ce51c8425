import { expect, it } from 'vitest';
import { useWorlds } from '../support/world.ts';

const worlds = useWorlds();

it('stops a server once the person has confirmed, and tells the channel', async () => {
  const { alice, bob, cloud } = await worlds.open({ signedIn: ['alice'] });
  const question = await alice.asks('/ecs stop web-1');
  expect(question.text).toContain(
    'Stop web-1 in project demo? 🟢 It is ACTIVE. It shuts down and stays down until somebody starts it.',
  );
  expect(cloud.status('web-1')).toBe('ACTIVE');
  expect(await alice.isAskedBefore('Stop it')).toContain('Stop this server?');
  await alice.clicks('Stop it');
  const told = await bob.sees('✅ web-1 is shut off (SHUTOFF), as @alice asked.');
  expect(told.message.ephemeralFor).toBeNull();
  expect(cloud.status('web-1')).toBe('SHUTOFF');
  await expect.poll(() => alice.canClick('Stop it')).toBe(false);
});

it('starts and reboots a server', async () => {
  const { alice, bob, cloud } = await worlds.open({ signedIn: ['alice'] });
  cloud.operator.stop('web-1');
  await alice.says('/ecs start web-1');
  await bob.sees('✅ web-1 is running (ACTIVE), as @alice asked.');
  await alice.asks('/ecs reboot web-1 --hard');
  await alice.seesPrivately('Its power is cut and switched on again: what it has not written to disk is lost.');
  await alice.clicks('Reboot it');
  await bob.sees('✅ web-1 is running again (ACTIVE), as @alice asked.');
  expect(cloud.actionsOf('web-1').map(({ action }) => action)).toEqual(['reboot', 'start', 'stop', 'create']);
});

it('does nothing to a server that is already as wanted, and says so', async () => {
  const { alice, bob, cloud } = await worlds.open({ signedIn: ['alice'] });
  await alice.says('/ecs start web-1');
  await alice.seesPrivately('web-1 is already running: nothing was done.');
  expect(cloud.countCalls({ method: 'POST', action: 'os-start' })).toBe(0);
  expect(bob.inChannel()).toEqual([]);
});

it('does it once when the button is clicked twice and Slack delivers every click twice', async () => {
  const { alice, bob, cloud, slack } = await worlds.open({ signedIn: ['alice'] });
  await alice.asks('/ecs stop web-1');
  slack.faults.duplicateDeliveries = true;
  const [once, twice] = [await alice.holds('Stop it'), await alice.holds('Stop it')];
  await Promise.all([once(), twice()]);
  await bob.sees('✅ web-1 is shut off');
  await alice.seesPrivately(/shut off/);
  expect(cloud.actionsOf('web-1').filter(({ action }) => action === 'stop')).toHaveLength(1);
});

it('says that a locked server can not be stopped now', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ['alice'] });
  cloud.operator.lock('web-1');
  await alice.asks('/ecs stop web-1');
  await alice.clicks('Stop it');
  await alice.seesPrivately(
    'web-1 is ACTIVE and locked, so stopping it is not possible now. Look at it with “show”, and try again later.',
  );
  expect(cloud.status('web-1')).toBe('ACTIVE');
});

it('leaves a server alone that a resize is working on', async () => {
  const { alice, bob, cloud } = await worlds.open({ signedIn: ['alice', 'bob'], cloud: { pace: 'manual' } });
  await alice.says('/ecs resize web-1 c1.large');
  await bob.seesOnCard('Awaiting approval');
  await bob.clicks('Approve');
  await bob.seesOnCard('Stopping');
  await bob.asks('/ecs reboot web-1');
  await bob.clicks('Reboot it');
  await bob.seesPrivately(/The resize R-\w+ runs on web-1, asked for by @alice\. Wait until it is done/);
  expect(cloud.countCalls({ method: 'POST', action: 'reboot' })).toBe(0);
});

it('tells a person without the role what is missing', async () => {
  const { carol, cloud } = await worlds.open({ signedIn: ['carol'] });
  await carol.asks('/ecs stop web-1');
  await carol.clicks('Stop it');
  await carol.seesPrivately('Your role in the cloud does not allow this.');
  expect(cloud.status('web-1')).toBe('ACTIVE');
});

it.each(['start', 'stop'])('tells the channel when the cloud takes a %s and silently gives it up', async (verb) => {
  const { alice, bob, cloud } = await worlds.open({ signedIn: ['alice'] });
  if (verb === 'start') cloud.operator.stop('web-1');
  const before = cloud.status('web-1');
  cloud.spoilNext('web-1', { action: verb, outcome: 'rolled_back' });
  await alice.says(verb === 'start' ? '/ecs start web-1' : '/ecs stop web-1 --yes');
  await bob.sees(
    new RegExp(`❌ The cloud took @alice’s order to ${verb} web-1 and gave it up: it is still ${before}\\. .* req-`),
  );
  expect(cloud.countCalls({ action: `os-${verb}` })).toBe(1);
});

it('tells the channel when the server breaks on the way', async () => {
  const { alice, bob, cloud } = await worlds.open({ signedIn: ['alice'], cloud: { pace: 'manual' } });
  await alice.asks('/ecs reboot web-1');
  await alice.clicks('Reboot it');
  await bob.sees('⏳ @alice is rebooting web-1.');
  cloud.operator.breakServer('web-1', 'the hypervisor is on fire');
  await bob.sees('❌ web-1 went into ERROR while @alice was rebooting it: look at it with /ecs show.');
  const shown = await alice.asks('/ecs show web-1');
  expect(shown.text).toContain('The cloud reports a fault (500): the hypervisor is on fire');
});

it('says what is uncertain when the cloud fails, and nothing of its raw answer', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ['alice'] });
  cloud.failNext({ match: { action: 'os-start' }, with: 500 });
  cloud.operator.stop('web-1');
  await alice.says('/ecs start web-1');
  const { text } = await alice.seesPrivately('shows nothing of it so far: web-1 is SHUTOFF. Look at it with “show”');
  expect(text).not.toMatch(/[{}]|computeFault/);
});

it('does not take an earlier reboot for the one that got no answer', async () => {
  const { alice, bob, cloud } = await worlds.open({ signedIn: ['alice'], cloud: { pace: { rebootMs: 5_000 } } });
  await alice.asks('/ecs reboot web-1');
  await alice.clicks('Reboot it');
  await bob.sees('✅ web-1 is running again (ACTIVE), as @alice asked.');
  await alice.asks('/ecs reboot web-1');
  cloud.failNext({ match: { action: 'reboot' }, with: 500 });
  const { text } = await alice.hears(() => alice.clicks('Reboot it'), 'how it went');
  expect(text).toContain(
    'The cloud did not say whether it took the order to reboot web-1, and shows nothing of it so far',
  );
});
