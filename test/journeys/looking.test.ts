import { expect, it } from 'vitest';
import { MINUTE } from '../support/clock.ts';
import { useWorlds } from '../support/world.ts';

const worlds = useWorlds();

it('lists the servers of the project, with the line that lists them again', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ['alice'] });
  cloud.operator.stop('web-2');
  const answer = await alice.asks('/ecs list');
  expect(answer.text).toMatch(/^3 servers in project demo\n/);
  expect(answer.text).toMatch(/🟢 web-1 ACTIVE · s2\.small\.1 \(1 vCPU, 1 GiB\) · [\d.]+/);
  expect(answer.text).toContain('⚪ web-2 SHUTOFF');
  expect(answer.text).toContain('Again: /ecs list');
  expect((await alice.asks('/ecs list')).text).toBe(answer.text);
});

it('filters by status, name, flavor and time, however the flags are typed', async () => {
  const { alice, cloud, clock } = await worlds.open({ signedIn: ['alice'] });
  clock.advance(10 * MINUTE);
  cloud.operator.stop('web-2');
  expect((await alice.asks('/ecs list --status shutoff')).text).toMatch(/^1 server in project demo\n.*web-2/);
  expect((await alice.asks('/ecs list status:SHUTOFF')).text).toContain('Again: /ecs list --status SHUTOFF');
  expect((await alice.asks('/ecs list —name “web”')).text).toMatch(/^2 servers[^]*Again: \/ecs list --name web$/);
  expect((await alice.asks('/ecs list -flavor s2.medium.1')).text).toMatch(/^1 server[^]*db-1/);
  expect((await alice.asks('/ecs list --changes-since=5m')).text).toMatch(/^1 server[^]*web-2/);
  expect((await alice.asks('/ecs list --name nothing')).text).toContain('No such servers in project demo.');
});

it('pages through a long list in the place of the first page', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ['alice'] });
  for (let count = 0; count < 45; count += 1) {
    cloud.addServer({ name: `node-${String(count).padStart(2, '0')}`, project: 'demo', flavor: '11' });
  }
  const first = await alice.asks('/ecs list --name node');
  expect(first.text).toMatch(/^20 servers/);
  expect(alice.canClick('Previous')).toBe(false);
  const pageNow = () => alice.view.messages.C0OPS?.find(({ ts }) => ts === first.message.ts);
  const names = () => [...new Set(JSON.stringify(pageNow()?.blocks).match(/node-\d\d/g))];
  const seen = [...names()];
  await alice.clicks('Next');
  await expect.poll(() => names().some((name) => seen.includes(name))).toBe(false);
  seen.push(...names());
  await alice.clicks('Next');
  await expect.poll(() => names().length).toBe(5);
  expect(new Set([...seen, ...names()]).size).toBe(45);
  expect(alice.canClick('Next')).toBe(false);
  await alice.clicks('Previous');
  await expect.poll(() => names()).toEqual(seen.slice(20));
});

it('shows one server, by name and by id, and again the same', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ['alice'] });
  const { id } = cloud.server('web-1');
  const shown = await alice.asks('/ecs show web-1');
  expect(shown.text).toMatch(/^🟢 web-1 is ACTIVE\nFlavor\ns2\.small\.1 \(1 vCPU, 1 GiB\)\n/);
  expect(shown.text).toContain(id);
  expect(shown.text).toContain('Again: /ecs show web-1');
  expect((await alice.asks(`/ecs show ${id}`)).text).toContain('web-1 is ACTIVE');
  cloud.operator.stop('web-1');
  await alice.clicks('Refresh');
  await alice.seesPrivately('⚪ web-1 is SHUTOFF');
});

it('shows a server picked from the list', async () => {
  const { alice } = await worlds.open({ signedIn: ['alice'] });
  await alice.asks('/ecs list');
  await alice.picks('db-1', 'Show one');
  await alice.seesPrivately('db-1 is ACTIVE');
});

it('offers only what can be done now', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ['alice'] });
  cloud.operator.stop('web-2');
  await alice.asks('/ecs show web-2');
  expect(['Start', 'Stop', 'Resize', 'Reboot'].filter((label) => alice.canClick(label))).toEqual(['Start', 'Resize']);
});

it('asks which one when several servers have the name, and never takes the first', async () => {
  const { alice, cloud } = await worlds.open({ signedIn: ['alice'] });
  const twin = cloud.addServer({ name: 'web-1', project: 'demo', flavor: '12' });
  const question = await alice.asks('/ecs show web-1');
  expect(question.text).toContain('2 servers are called web-1: which one?');
  await alice.clicks('This one', { beside: twin.id });
  const shown = await alice.seesPrivately('web-1 is ACTIVE');
  expect(shown.text).toContain('s2.medium.1');
  expect(shown.text).toContain(twin.id);
  await alice.asks('/ecs resize web-1 c1.large');
  expect(alice.card()).toBeNull();
  await alice.clicks('This one', { beside: twin.id });
  await alice.seesOnCard('Resize web-1: s2.medium.1 → c1.large');
});

it('names the nearest when a server, a word or a flag does not exist', async () => {
  const { alice } = await worlds.open({ signedIn: ['alice'] });
  expect((await alice.asks('/ecs show wbe-1')).text).toMatch(
    /There is no server wbe-1 in this project\. Near it: web-1/,
  );
  expect((await alice.asks('/ecs lits')).text).toContain('I do not know “lits”. Did you mean “list”?');
  expect((await alice.asks('/ecs list --stauts ACTIVE')).text).toContain('Did you mean --status?');
  expect((await alice.asks('/ecs list --status RUNNING')).text).toContain('it takes one of ACTIVE, BUILD');
  expect((await alice.asks('/ecs resize web-1 c1.2xlrage')).text).toContain('c1.2xlarge');
  expect((await alice.asks('/ecs frobnicate')).text).toContain('“help” lists everything I can do');
});

it('keeps the line of what it refuses, to be mended and sent again', async () => {
  const { alice } = await worlds.open({ signedIn: ['alice'] });
  for (const line of ['/ecs show wbe-1', '/ecs list --stauts ACTIVE', '/ecs resize web-1 c1.2xlrage']) {
    expect((await alice.asks(line)).text).toContain(`Again: ${line}`);
  }
});

it('asks with a menu for what is missing', async () => {
  const { alice } = await worlds.open({ signedIn: ['alice'] });
  expect((await alice.asks('/ecs show')).text).toContain('Which server?');
  await alice.picks('web-2', 'Choose a server');
  await alice.seesPrivately('web-2 is ACTIVE');
});

it('explains itself, as a whole and word by word', async () => {
  const { alice } = await worlds.open();
  const help = await alice.asks('/ecs');
  for (const word of ['login', 'list', 'show', 'resize', 'approve', 'flavors', 'whoami']) {
    expect(help.text).toContain(`/ecs ${word}`);
  }
  expect((await alice.asks('/ecs help resize')).text).toContain('/ecs resize [server] [flavor] [--reason text]');
  expect((await alice.asks('/ecs resize --help')).text).toContain('For example');
});

it('posts an answer to the channel when asked to share it', async () => {
  const { alice, bob } = await worlds.open({ signedIn: ['alice'] });
  await alice.asks('/ecs list --name web');
  bob.doesNotSee('web-1');
  await alice.clicks('Share');
  const shared = await bob.sees('2 servers in project demo');
  expect(shared.text).toContain('Shared by @alice · /ecs list --name web');
  expect(shared.message.ephemeralFor).toBeNull();
  expect(bob.canClick('Share')).toBe(false);
});

it('lists flavors, filtered, sorted, and for one server', async () => {
  const { alice } = await worlds.open({ signedIn: ['alice'] });
  const names = (text: string) => text.match(/\b(?:s2|c1|huge|old|fail)\.[\w.]+/g);
  expect(names((await alice.asks('/ecs flavors --min-ram 8192')).text)).toEqual([
    'c1.large',
    'c1.2xlarge',
    'huge.nohost',
  ]);
  const sorted = await alice.asks('/ecs flavors --sort-key memory_mb --sort-dir desc');
  expect(names(sorted.text)?.slice(0, 2)).toEqual(['huge.nohost', 'c1.2xlarge']);
  const fitting = await alice.asks('/ecs flavors --for web-1');
  expect(names(fitting.text)).not.toContain('old.retired');
  expect(fitting.text).toContain('Again: /ecs flavors --for web-1');
});

it('costs one request to the cloud and one to Slack once it is warm', async () => {
  const { alice, cloud, slack } = await worlds.open({ signedIn: ['alice'] });
  await alice.asks('/ecs list');
  const before = { cloud: cloud.calls.length, slack: slack.calls.length };
  await alice.asks('/ecs list');
  expect(cloud.calls.length - before.cloud).toBe(1);
  expect(slack.calls.length - before.slack).toBe(1);
});
