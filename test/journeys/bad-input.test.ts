import { describe, expect, it } from 'vitest';
import { signedHeaders } from '../simulators/slack/signature.ts';
import { MINUTE } from '../support/clock.ts';
import { obeyedIn } from '../support/obeyed.ts';
import { useWorlds, type World } from '../support/world.ts';
import { asked, orders, requestId } from './steps.ts';

const worlds = useWorlds();

const FORM = 'application/x-www-form-urlencoded';

type Sent = { type?: string; at?: number; secret?: string };

/** Posts a body as if Slack did; `at` in ms. The HTTP status. */
async function delivers({ slack, env, clock }: World, body: string, sent: Sent = {}): Promise<number> {
  const { type = FORM, at = clock.now(), secret = env.SLACK_SIGNING_SECRET ?? '' } = sent;
  return slack.deliverRaw(body, { 'content-type': type, ...signedHeaders(secret, Math.floor(at / 1_000), body) });
}

function commandBody(text: string): string {
  return new URLSearchParams({
    command: '/ecs',
    text,
    team_id: 'T0TEAM',
    user_id: 'U0ALICE',
    channel_id: 'C0OPS',
    trigger_id: '1.2.abc',
    response_url: 'http://127.0.0.1:1/nowhere',
  }).toString();
}

describe('requests that Slack did not send', () => {
  it('are refused when they are unsigned, signed with another secret, too old or from the future', async () => {
    const world = await worlds.open({ signedIn: ['alice'] });
    const { slack, clock, cloud } = world;
    const body = commandBody('resize web-1 c1.large');
    const before = slack.calls.length;
    expect(await slack.deliverRaw(body, { 'content-type': FORM })).toBe(401);
    expect(await delivers(world, body, { secret: 'another secret' })).toBe(401);
    expect(await delivers(world, body, { at: clock.now() - 6 * MINUTE })).toBe(401);
    expect(await delivers(world, body, { at: clock.now() + 6 * MINUTE })).toBe(401);
    const headers = signedHeaders(world.env.SLACK_SIGNING_SECRET ?? '', Math.floor(clock.now() / 1_000), body);
    expect(await slack.deliverRaw(`${body}&text=other`, { 'content-type': FORM, ...headers })).toBe(401);
    expect(slack.calls.length).toBe(before);
    expect(cloud.countCalls({ method: 'POST', path: /action/ })).toBe(0);
    world.alice.doesNotSee('Awaiting approval');
  });

  it('are refused or ignored when they make no sense, and the bot lives on', async () => {
    const world = await worlds.open({ signedIn: ['alice'] });
    const nonsense: [body: string, type?: string][] = [
      [''],
      ['payload='],
      ['payload=null'],
      ['payload=%7Bnot json'],
      ['payload=[]'],
      ['payload={"type":"block_actions"}'],
      ['payload={"type":"block_actions","actions":[],"user":{"id":"U0ALICE"},"team":{"id":"T0TEAM"}}'],
      ['payload={"type":"view_submission","view":{}}'],
      ['payload={"type":"something_new","user":{"id":"U0ALICE"}}'],
      ['command=/other&text=list'],
      ['{"type":"event_callback"}', 'application/json'],
      ['{"type":"event_callback","event":{"type":"unheard_of"}}', 'application/json'],
      ['not json', 'application/json'],
      ['\u0000\u0001', 'application/octet-stream'],
    ];
    for (const [body, type = FORM] of nonsense) {
      const status = await delivers(world, body, { type });
      expect([body, [200, 400, 401].includes(status) ? 'clean' : status]).toEqual([body, 'clean']);
    }
    expect((await world.alice.asks('/ecs list')).text).toContain('web-1');
  });

  it('are refused when they are larger than anything of Slack’s', async () => {
    const world = await worlds.open();
    expect(await delivers(world, `text=${'x'.repeat(2_000_000)}`)).toBe(413);
  });
});

describe('what an older version of the bot left behind', () => {
  /** Repeats the last click, changed. */
  async function clicksAgain(world: World, change: (action: Record<string, unknown>) => void): Promise<number> {
    const last = world.slack.deliveries.findLast(({ kind }) => kind === 'interaction');
    const payload = structuredClone(last?.body) as { actions: Record<string, unknown>[] };
    const [action] = payload.actions;
    if (action) change(action);
    return delivers(world, new URLSearchParams({ payload: JSON.stringify(payload) }).toString());
  }

  it('is answered when a button is not known any more', async () => {
    const world = await worlds.open({ signedIn: ['alice'] });
    await world.alice.asks('/ecs show web-1');
    await world.alice.clicks('Refresh');
    await clicksAgain(world, (action) => Object.assign(action, { action_id: 'server:explode', action_ts: '99.1' }));
    await world.alice.seesPrivately('That button is from an older version of me: type the command again.');
  });

  it('is answered when a button carries a line that is not understood any more', async () => {
    const world = await worlds.open({ signedIn: ['alice'] });
    await world.alice.asks('/ecs show web-1');
    await world.alice.clicks('Refresh');
    await clicksAgain(world, (action) => Object.assign(action, { value: 'explode web-1 --now', action_ts: '99.2' }));
    await world.alice.seesPrivately('I do not know “explode');
  });

  it('is answered when the request behind a button is forgotten, and the card stays as it is', async () => {
    const world = await worlds.open({ signedIn: ['alice', 'bob'] });
    const { bob, alice } = world;
    await asked(world);
    const id = await requestId(world);
    await alice.clicks('Approve');
    await alice.seesPrivately('four-eyes');
    await clicksAgain(world, (action) => Object.assign(action, { value: 'R-ZZZZ', action_ts: '99.3' }));
    await alice.seesPrivately('There is no request R-ZZZZ.');
    await clicksAgain(world, (action) => Object.assign(action, { value: '{"v":1,"id":"x"}', action_ts: '99.4' }));
    await alice.seesPrivately(/There is no request/);
    expect(bob.card()?.text).toContain(id);
    expect(orders(world)).toEqual({});
  });
});

describe('what people mistype', () => {
  it('is answered in one sentence, however odd', async () => {
    const { alice } = await worlds.open({ signedIn: ['alice'] });
    const answer = async (text: string) => (await alice.asks(`/ecs ${text}`)).text;
    expect(await answer('x'.repeat(3_000))).toContain('That line has 3000 characters and I read at most 900');
    expect(await answer('list --limit 0')).toContain(
      '“0” does not work for --limit: it takes a whole number from 1 to 50.',
    );
    expect(await answer('list --limit')).toContain('--limit needs a value');
    expect(await answer('list --limit 5 --limit 6')).toContain('--limit is there twice');
    expect(await answer('list --changes-since yesterday')).toContain('it takes a time such as 2h, 3d');
    expect(await answer('show web-1 web-2')).toContain('I do not know what to do with “web-2”.');
    expect(await answer('show ""')).toContain('it takes 1 to 255 characters');
    expect(await answer('show "')).toMatch(/quote|server/);
    expect(await answer('resize web-1 c1.large --reason')).toContain('--reason needs a value');
    expect(await answer('!!! $(reboot)')).toContain('I do not know “!!!”');
    expect(await answer('<script>alert(1)</script>')).toContain('I do not know');
    expect(await answer('--')).toContain('I do not know');
    expect(alice.inChannel()).toEqual([]);
  });

  it('is answered in the form when a reason is too long for it', async () => {
    const { alice } = await worlds.open({ signedIn: ['alice'] });
    expect((await alice.asks(`/ecs resize web-1 c1.large --reason ${'y'.repeat(400)}`)).text).toContain(
      'does not work for --reason: it takes 1 to 300 characters.',
    );
  });
});

const HOSTILE = {
  'that calls a channel': '<!channel>',
  'that calls a person': '<@U0BOB>',
  'of 250 letters': 'a'.repeat(250),
  'full of marks': '`rm -rf` *bold* _it_ ~no~',
  'read from right to left': 'שרת אחד',
  'that turns itself around': 'abc\u202Egpj.exe',
  'of pictures': '👩‍💻🔥 node',
  'of tags and entities': '&lt;b&gt; & <b>|</b>',
  'in quotes': '"quoted"',
  'with a bent apostrophe': 'it’s — here',
  'that looks like a flag': '--hard',
  'that looks like a request': 'R-7KQ2',
};

describe('a hostile server name', () => {
  it('is found as it is typed, and calls nobody, in every answer and form', async () => {
    const { alice, bob, cloud, slack } = await worlds.open({ signedIn: ['alice'] });
    for (const name of Object.values(HOSTILE)) cloud.addServer({ name, project: 'demo', flavor: '11' });
    expect((await alice.asks('/ecs list')).text).toContain('15 servers in project demo');
    for (const [what, name] of Object.entries(HOSTILE)) {
      expect([what, (await alice.asks(`/ecs show ${quoted(name)}`)).text]).toEqual([what, stringWith('is ACTIVE')]);
      expect([what, (await alice.asks(`/ecs stop ${quoted(name)}`)).text]).toEqual([
        what,
        stringWith('in project demo?'),
      ]);
    }
    await alice.says('/ecs resize');
    await alice.seesModal('The approvers read it.');
    await alice.closesModal();
    await alice.clicks('Share');
    await bob.sees('Shared by @alice');
    expect(obeyedIn(slack)).toEqual([]);
  });

  it.each(Object.keys(HOSTILE).slice(0, 5))('%s goes the whole way of a resize', async (what) => {
    const world = await worlds.open({ signedIn: ['alice', 'bob'] });
    const { alice, bob, cloud, slack } = world;
    const name = HOSTILE[what as keyof typeof HOSTILE];
    const { id } = cloud.addServer({ name, project: 'demo', flavor: '11' });
    await alice.says(`/ecs resize ${quoted(name)} c1.large --reason ${quoted(`because of ${name}`)}`);
    await alice.seesOnCard('Awaiting approval');
    await bob.asks(`/ecs approve ${quoted(name)}`);
    await alice.seesOnCard('Awaiting confirmation');
    await alice.clicks('Confirm');
    await alice.seesOnCard('✅ Resized');
    await alice.seesInDm('Resized');
    await alice.asks('/ecs requests');
    expect(cloud.flavorOf(id)).toBe('c1.large');
    expect(obeyedIn(slack)).toEqual([]);
  });
});

function stringWith(part: string): unknown {
  return expect.stringContaining(part);
}

/** As somebody types a name with blanks in it. */
function quoted(name: string): string {
  return name.includes('"') ? `'${name}'` : `"${name}"`;
}
