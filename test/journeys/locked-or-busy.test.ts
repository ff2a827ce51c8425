// A server that is locked, has a task of somebody else, or waits for a confirmation: what each command makes of it.
import { expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { useWorlds, type World } from '../support/world.ts';

const worlds = useWorlds();

const LOOK = 'Look at it with “show”, and try again later.';

type Trouble = (world: World) => void;
const locked: Trouble = ({ cloud }) => cloud.operator.lock('web-1');
const busy: Trouble = ({ cloud }) => cloud.operator.set('web-1', { taskState: 'image_snapshot' });
const waiting: Trouble = ({ cloud }) => cloud.operator.set('web-1', { vmState: 'resized' });
const lockedOff: Trouble = ({ cloud }) => {
  cloud.operator.stop('web-1');
  cloud.operator.lock('web-1');
};
const busyOff: Trouble = ({ cloud }) => {
  cloud.operator.stop('web-1');
  cloud.operator.set('web-1', { taskState: 'image_snapshot' });
};
const off: Trouble = ({ cloud }) => cloud.operator.stop('web-1');

it.each<[line: string, trouble: Trouble, button: string | null, said: string]>([
  ['start web-1', lockedOff, null, `web-1 is SHUTOFF and locked, so starting it is not possible now. ${LOOK}`],
  ['start web-1', busyOff, null, `web-1 is SHUTOFF (image_snapshot), so starting it is not possible now. ${LOOK}`],
  ['start web-1', waiting, null, `web-1 is VERIFY_RESIZE, so starting it is not possible now. ${LOOK}`],
  ['stop web-1', locked, 'Stop it', `web-1 is ACTIVE and locked, so stopping it is not possible now. ${LOOK}`],
  ['stop web-1', busy, 'Stop it', `web-1 is ACTIVE (image_snapshot), so stopping it is not possible now. ${LOOK}`],
  ['stop web-1', waiting, 'Stop it', `web-1 is VERIFY_RESIZE, so stopping it is not possible now. ${LOOK}`],
  ['reboot web-1', locked, 'Reboot it', `web-1 is ACTIVE and locked, so rebooting it is not possible now. ${LOOK}`],
  ['reboot web-1', busy, 'Reboot it', `web-1 is ACTIVE (image_snapshot), so rebooting it is not possible now. ${LOOK}`],
  ['reboot web-1', off, 'Reboot it', `web-1 is SHUTOFF, so rebooting it is not possible now. ${LOOK}`],
  ['reboot web-1 --hard', locked, 'Reboot it', 'web-1 is ACTIVE and locked, so rebooting it is not possible now.'],
  ['reboot web-1 --hard', waiting, 'Reboot it', 'web-1 is VERIFY_RESIZE, so rebooting it is not possible now.'],
  ['delete web-1', locked, 'Delete it', 'web-1 cannot be deleted now, because it is locked: have it unlocked'],
  [
    'disk attach archive web-1',
    locked,
    null,
    'web-1 is locked, so nothing can be attached or detached. Have it unlocked',
  ],
  [
    'disk create x --size 1 --attach web-1',
    locked,
    null,
    'web-1 is locked, so nothing can be attached or detached. Have it unlocked',
  ],
  [
    'nic attach web-1 --network backup-net',
    locked,
    null,
    'web-1 is locked, so nothing can be attached or detached. Have it unlocked',
  ],
  [
    'nic detach web-1 10.0.0.10',
    locked,
    null,
    'web-1 is locked, so nothing can be attached or detached. Have it unlocked',
  ],
  [
    'nic attach web-1 --network backup-net',
    waiting,
    null,
    'web-1 is VERIFY_RESIZE, and in that state the cloud attaches and detaches nothing. Confirm or revert its resize first.',
  ],
])('“%s” is refused in words, and nothing is done', async (...row) => {
  const [line, trouble, button, said] = row;
  const world = await worlds.open({ signedIn: ['alice'] });
  const { alice, cloud } = world;
  trouble(world);
  const before = cloud.server('web-1').vmState;
  await alice.says(`/ecs ${line}`);
  if (button !== null) await alice.clicks(button);
  await alice.seesPrivately(said);
  expect(cloud.server('web-1').vmState).toBe(before);
  expect(cloud.countCalls({ method: 'POST', path: /volumes$|ports$|attachments|interface/ })).toBe(0);
  expect(alice.inChannel()).toEqual([]);
});

it('restarts a server that is shut off by a hard reboot', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ['alice'] });
  cloud.operator.stop('web-1');
  await alice.asks('/ecs reboot web-1 --hard');
  await alice.clicks('Reboot it');
  await alice.sees('✅ web-1 is running again (ACTIVE), as @alice asked.');
  expect(cloud.status('web-1')).toBe('ACTIVE');
});

it('deletes a server whatever task it has: the cloud takes that order always', async () => {
  const world = await worlds.open({ signedIn: ['alice'] });
  const { alice, cloud } = world;
  busy(world);
  await alice.asks('/ecs delete web-1');
  await alice.clicks('Delete it');
  await alice.sees('web-1 is deleted, as @alice asked.');
  await until(() => cloud.state().servers.every(({ name }) => name !== 'web-1'), 'web-1 to be gone');
});

it.each([
  ['disk attach archive web-1', '✅ Done · Attach disk archive to web-1'],
  ['disk create x --size 1 --attach web-1', '✅ Done · Create disk x and attach it to web-1'],
  ['nic attach web-1 --network backup-net', '✅ Done · Attach a NIC on backup-net to web-1'],
])('“%s” waits for the task of somebody else, says so, and goes on after it', async (line, done) => {
  const world = await worlds.open({ signedIn: ['alice'] });
  const { alice, cloud, clock } = world;
  busy(world);
  await alice.says(`/ecs ${line}`);
  await alice.seesOnCard('Something else is being done there (image_snapshot), since');
  cloud.operator.set('web-1', { taskState: null });
  clock.advance(5_000);
  await alice.seesOnCard(done);
});
