// What `help` shows can be typed as it stands: every command's line, and each of its examples, played in the order of `help`.
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/index.ts';
import { useWorlds, type Citizen, type World } from '../support/world.ts';
import { EXAMPLES, type Example } from './every-command/examples.ts';
import { hurried } from './every-command/journey.ts';
import { SETTINGS, type Setting } from './every-command/settings.ts';

const worlds = useWorlds();

/** As it stands in the answer to `help <word>`, before its usage and after “For example”. */
async function examplesOf(person: Citizen, word: string): Promise<string[]> {
  const { text } = await person.asks(`/ecs help ${word}`);
  const [, shown = ''] = /^For example (.+)$/m.exec(text) ?? [];
  return shown.split(' or /ecs ').map((line) => line.replace(/^\/ecs /, ''));
}

it('shows in help every command with a line, and explains each with examples', async () => {
  const { alice } = await worlds.open();
  const { text } = await alice.asks('/ecs help');
  const shown: string[] = [];
  for (const { name, summary } of commands) {
    expect(text).toContain(`/ecs ${name} ${summary}`);
    shown.push(...(await examplesOf(alice, name)));
  }
  expect(shown.toSorted()).toEqual(Object.keys(EXAMPLES).toSorted());
});

const ORDER = commands.flatMap(({ examples }) => examples);

for (const setting of Object.keys(SETTINGS) as Setting[]) {
  const examples = ORDER.flatMap((line) => {
    const example = EXAMPLES[line];
    return example && (example.in ?? 'deck') === setting ? [{ line, example }] : [];
  });
  describe(`the examples, ${setting}`, () => {
    const world = worlds.share(SETTINGS[setting]);
    it.each(examples)('“$line” works as it stands', async ({ line, example }) => {
      const here = example.alone ? await worlds.open(SETTINGS[setting]) : world();
      await hurried(here, () => play(line, example, here));
    });
  });
}

async function play(line: string, example: Example, world: World): Promise<void> {
  const person = world[example.by ?? 'alice'];
  const stands = (await example.first?.(world)) ?? {};
  const typed = Object.entries(stands).reduce((text, [shown, real]) => text.replace(shown, real), `/ecs ${line}`);
  if ('told' in example) {
    expect((await person.asks(typed)).text).toMatch(example.told);
    return;
  }
  await person.says(typed);
  if ('card' in example) await world.bob.sees(example.card);
  else {
    await person.seesModal(example.window);
    await person.closesModal();
  }
}
