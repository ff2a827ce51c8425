import { describe, it } from 'vitest';
import { readable } from '../support/readable.ts';
import { until } from '../support/until.ts';
import { useWorlds, type Citizen, type World } from '../support/world.ts';

const worlds = useWorlds();

async function opensHome({ slack }: World, person: Citizen, wanted: RegExp): Promise<void> {
  await slack.openHome(person.id);
  const text = () => {
    const { home } = person.view;
    return home ? readable(home, person.view) : '';
  };
  await until(() => wanted.test(text()), `${person.name}'s App Home to say ${String(wanted)}`);
}

describe('the App Home', () => {
  it('offers to sign in, then says who you are and what waits in your projects', async () => {
    const world = await worlds.open();
    await opensHome(world, world.alice, /not signed in to the cloud/);
    await world.alice.signsIn();
    await opensHome(world, world.alice, /signed in as alice, in project demo[\s\S]*Nothing waits/);

    await world.alice.says('/ecs resize web-1 c1.2xlarge');
    await world.alice.seesOnCard('Awaiting approval');

    await opensHome(world, world.alice, /Awaiting approval · web-1 s2.small.1 → c1.2xlarge/);
  });

  it('shows requests to members of their project only', async () => {
    const world = await worlds.open();
    await world.alice.signsIn();
    await world.alice.says('/ecs resize web-1 c1.2xlarge');
    await world.alice.seesOnCard('Awaiting approval');

    await opensHome(world, world.bob, /not signed in[\s\S]*Nothing waits/);
  });
});
