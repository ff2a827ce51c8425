import type { ModalView } from '@slack/types';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { button, modal, section } from '../../src/slack/blocks.ts';
import { channelSelect, externalSelect, input, select, textInput } from '../../src/slack/inputs.ts';
import { complaint } from '../../src/slack/form.ts';
import type { Reply } from '../../src/slack/reply.ts';
import { refusal } from './support/fake-slack.ts';
import { click, clickInView, homeOpened, type Running, runSlack, submission, viewOf } from './support/running-slack.ts';
import { until } from '../support/until.ts';

let bot: Running;
beforeEach(async () => {
  bot = await runSlack();
});
afterEach(async () => bot.close());

const message = (text: string, more: Partial<Extract<Reply, { kind: 'message' }>> = {}): Reply => ({
  kind: 'message',
  audience: 'person',
  text,
  ...more,
});
const form: ModalView = modal({ title: 'Resize', blocks: [section('pick one')], callbackId: 'resize:submit' });
const fails = (sentence: string) => async (): Promise<Reply> => {
  throw new UserError('not_found', sentence);
};
/** Everything the person could see of our answer, as text. */
const said = (method: string): string => JSON.stringify(bot.fake.of(method));
const has = (text: string): string => expect.stringContaining(text) as string;

describe('a command', () => {
  it('is answered for the person alone, through its response_url', async () => {
    await bot.command('list');
    await bot.settle();
    expect(bot.fake.of('response_url')).toMatchObject([{ response_type: 'ephemeral', text: 'here you are' }]);
  });

  it('is answered by other ways when its response_url is used up, and when the bot is not in the channel', async () => {
    bot.fake.fail('response_url', { status: 404, body: 'used_url' });
    await bot.command('list');
    bot.fake.fail('chat.postEphemeral', refusal('not_in_channel'));
    await bot.settle();
    expect(bot.fake.of('chat.postEphemeral')).toMatchObject([{ channel: 'C1', user: 'U1', text: 'here you are' }]);
    expect(bot.fake.messages).toMatchObject([{ channel: 'D-U1', text: 'here you are' }]);
  });

  it('does not try a response_url that is more than half an hour old', async () => {
    const work = Promise.withResolvers<Reply>();
    bot.features.run = async () => work.promise;
    await bot.command('list');
    bot.clock.advance(31 * 60_000);
    work.resolve(message('late'));
    await bot.settle();
    expect(bot.fake.of('response_url')).toEqual([]);
    expect(said('chat.postEphemeral')).toContain('late');
  });

  it('says what is for everybody in the channel, once', async () => {
    bot.features.run = async () => message('web-1 is up', { audience: 'channel' });
    bot.fake.fail('response_url', { lost: true });
    await bot.command('list');
    await bot.settle();
    expect(bot.fake.of('response_url')).toMatchObject([
      { response_type: 'in_channel', text: 'web-1 is up' },
      { response_type: 'ephemeral', text: has('did not tell me whether') },
    ]);
    expect(bot.fake.messages).toEqual([]);
  });

  it('tells the person when the channel does not take it', async () => {
    bot.features.run = async () => message('web-1 is up', { audience: 'channel' });
    bot.fake.fail('response_url', { status: 404 });
    bot.fake.fail('chat.postMessage', refusal('not_in_channel'));
    await bot.command('list');
    await bot.settle();
    expect(bot.fake.of('response_url')[1]).toMatchObject({ response_type: 'ephemeral', text: has('Invite me') });
  });

  it('that fails is answered with the sentence as it was explained, mentions and times included', async () => {
    bot.features.run = fails('Already approved by <@U1>, not by &lt;!channel&gt;.');
    await bot.command('show <!channel>');
    await bot.settle();
    expect(bot.fake.of('response_url')).toMatchObject([
      { text: 'Already approved by <@U1>, not by &lt;!channel&gt;.' },
    ]);
  });

  it('keeps the title of the window that its answer fills, and of the one whose content it replaces', async () => {
    bot.features.plan = { durable: false, loading: 'Servers' };
    bot.features.run = async () => message('page 1');
    await bot.command('list');
    await until(() => bot.fake.of('views.update').length === 1, 'the window to be filled');
    bot.features.plan = { durable: false };
    bot.features.run = async () => message('page 2', { replace: true });
    await bot.interactive(clickInView(bot.fake, viewOf({ title: { type: 'plain_text', text: 'Servers' } })));
    await bot.settle();
    expect(bot.fake.of('views.update')).toMatchObject([
      { view: { title: { text: 'Servers' } } },
      { view: { title: { text: 'Servers' } } },
    ]);
  });

  it('opens its loading window before the handler asks anybody, and fills it', async () => {
    bot.features.plan = { durable: false, loading: 'Resize web-1' };
    let openedFirst = false;
    bot.features.run = async () => {
      openedFirst = bot.fake.of('views.open').length === 1;
      return { kind: 'modal', view: form };
    };
    await bot.command('resize web-1');
    await bot.settle();
    expect(openedFirst).toBe(true);
    expect(bot.fake.of('views.open')).toMatchObject([
      { trigger_id: has('trigger'), view: { title: { text: 'Resize web-1' } } },
    ]);
    expect(bot.fake.of('views.update')).toMatchObject([
      {
        view_id: has('V'),
        hash: has('hash'),
        view: { callback_id: 'resize:submit', private_metadata: '{"channel":"C1"}' },
      },
    ]);
  });

  it('that fails behind its loading window says so in that window', async () => {
    bot.features.plan = { durable: false, loading: 'Resize web-1' };
    bot.features.run = fails('There is no server web-1.');
    await bot.command('resize web-1');
    await bot.settle();
    expect(said('views.update')).toContain('There is no server web-1.');
    expect(bot.fake.of('response_url')).toEqual([]);
  });

  it('that fails behind a window the person has closed says so ephemerally', async () => {
    bot.features.plan = { durable: false, loading: 'Resize web-1' };
    bot.features.run = fails('There is no server web-1.');
    bot.fake.fail('views.update', refusal('not_found'));
    await bot.command('resize web-1');
    await bot.settle();
    expect(said('response_url')).toContain('There is no server web-1.');
  });

  it('whose window Slack does not open any more is told to try again', async () => {
    bot.features.plan = { durable: false, loading: 'Resize web-1' };
    bot.features.run = async () => ({ kind: 'modal', view: form });
    bot.fake.fail('views.open', refusal('expired_trigger_id'));
    await bot.command('resize web-1');
    await bot.settle();
    expect(bot.fake.of('views.open')).toHaveLength(1);
    expect(said('response_url')).toContain('try again');
  });

  it('never leaves a loading window loading', async () => {
    bot.features.plan = { durable: false, loading: 'Resize web-1' };
    bot.features.run = async () => ({ kind: 'none' });
    await bot.command('resize web-1');
    await bot.settle();
    expect(said('views.update')).toContain('Done.');
  });

  it('gets a simpler answer when Slack refuses the full one', async () => {
    bot.features.plan = { durable: false, loading: 'Resize web-1' };
    bot.features.run = async () => message('web-1 has two disks', { blocks: [{ type: 'divider' }] });
    bot.fake.fail('views.update', refusal('invalid_blocks'));
    await bot.command('resize web-1');
    await bot.settle();
    expect(JSON.stringify(bot.fake.of('views.update')[1])).toContain('web-1 has two disks');
  });

  it('survives a moment in which Slack is away', async () => {
    bot.features.plan = { durable: false, loading: 'Resize web-1' };
    bot.features.run = async () => ({ kind: 'modal', view: form });
    bot.fake.fail('views.update', { status: 503 }, { status: 429, headers: { 'retry-after': '1' } });
    await bot.command('resize web-1');
    await bot.settle();
    expect(bot.fake.of('views.update')).toHaveLength(3);
    expect(bot.fake.of('response_url')).toEqual([]);
  });
});

describe('a click on a shared card', () => {
  it('that is refused is told to the clicker alone and leaves the card', async () => {
    bot.features.run = fails('Bob already approved this.');
    await bot.interactive(click(bot.fake));
    await bot.settle();
    expect(bot.fake.of('response_url')).toMatchObject([
      { response_type: 'ephemeral', replace_original: false, text: 'Bob already approved this.' },
    ]);
  });

  it('never replaces the card, even if asked to', async () => {
    bot.features.run = async () => message('page 2', { replace: true });
    await bot.interactive(click(bot.fake));
    await bot.settle();
    expect(bot.fake.of('response_url')).toMatchObject([{ replace_original: false }]);
  });

  it('opens a window at once', async () => {
    bot.features.run = async () => ({ kind: 'modal', view: form });
    await bot.interactive(click(bot.fake));
    await bot.settle();
    expect(bot.fake.of('views.open')).toMatchObject([
      { view: { callback_id: 'resize:submit', private_metadata: '{"channel":"C1"}' } },
    ]);
  });
});

it('a click on an ephemeral list turns its page in place', async () => {
  bot.features.run = async () => message('page 2', { replace: true });
  const container = { message_ts: '1.2', channel_id: 'C1', is_ephemeral: true };
  await bot.interactive(click(bot.fake, { container }));
  await bot.settle();
  expect(bot.fake.of('response_url')).toMatchObject([
    { response_type: 'ephemeral', replace_original: true, text: 'page 2' },
  ]);
});

describe('a click in a window', () => {
  it('replaces that window, as long as it is still the same', async () => {
    bot.features.run = async () => ({ kind: 'modal', view: form });
    const view = viewOf();
    await bot.interactive(clickInView(bot.fake, view));
    await bot.settle();
    expect(bot.fake.of('views.update')).toMatchObject([{ view_id: view['id'], hash: view['hash'] }]);
  });

  it('leaves what the person has typed since, and says so', async () => {
    bot.features.run = async () => ({ kind: 'modal', view: form });
    bot.fake.fail('views.update', refusal('hash_conflict'));
    await bot.interactive(clickInView(bot.fake, viewOf()));
    await bot.settle();
    expect(bot.fake.of('views.update')).toHaveLength(1);
    expect(said('views.push')).toContain('This window changed');
  });

  describe('that chooses in a field while the choice before is worked on', () => {
    const chosen = { type: 'static_select', selected_option: { text: { type: 'plain_text', text: 'A' }, value: 'a' } };
    const chosenView = () => viewOf({ state: { values: { flavor: { 'create:flavor': chosen } } } });
    const choiceIn = (view: ReturnType<typeof viewOf>) => ({
      ...clickInView(bot.fake, view),
      actions: [{ ...chosen, action_id: 'create:flavor', block_id: 'flavor' }],
    });

    it('is answered all the same: it is the newest, and knows both', async () => {
      bot.features.run = async () => ({ kind: 'modal', view: form });
      bot.fake.fail('views.update', refusal('hash_conflict'));
      await bot.interactive(choiceIn(chosenView()));
      await bot.settle();
      const [first, second] = bot.fake.of('views.update');
      expect(first).toHaveProperty('hash');
      expect(second).not.toHaveProperty('hash');
      expect(bot.fake.of('views.push')).toEqual([]);
    });

    it('makes the answer to the choice before come too late: nobody is told, and nothing is overwritten', async () => {
      const answers: (() => void)[] = [];
      bot.features.run = () => new Promise((resolve) => answers.push(() => resolve({ kind: 'modal', view: form })));
      const view = chosenView();
      await bot.interactive(choiceIn(view));
      await bot.interactive(choiceIn(view));
      answers[1]?.();
      await until(() => bot.fake.of('views.update').length === 1, 'the answer to the second choice');
      bot.fake.fail('views.update', refusal('hash_conflict'));
      answers[0]?.();
      await bot.settle();
      expect(bot.fake.of('views.update')).toHaveLength(2);
      expect(bot.fake.of('views.push')).toEqual([]);
    });
  });

  it('that is refused is told on top of the window', async () => {
    bot.features.run = fails('Not yours.');
    await bot.interactive(clickInView(bot.fake, viewOf()));
    await bot.settle();
    expect(said('views.push')).toContain('Not yours.');
  });

  it.each([
    ['in the channel that the window remembers', '{"channel":"C1"}', 'chat.postEphemeral'],
    ['by direct message when it remembers none', '', 'chat.postMessage'],
    ['by direct message when what it remembers is no JSON', '{', 'chat.postMessage'],
  ])('that is refused too late for a window is told %s', async (_, metadata, method) => {
    bot.features.run = fails('Not yours.');
    bot.fake.fail('views.push', refusal('expired_trigger_id'));
    await bot.interactive(clickInView(bot.fake, viewOf({ private_metadata: metadata })));
    await bot.settle();
    expect(said(method)).toContain('Not yours.');
  });
});

describe('a click on the Home tab', () => {
  it('that is refused opens a window that says so', async () => {
    bot.features.run = fails('Not yours.');
    await bot.interactive(clickInView(bot.fake, viewOf({ type: 'home', private_metadata: '' })));
    await bot.settle();
    expect(said('views.open')).toContain('Not yours.');
  });

  it('that cannot be shown at all says so in its place', async () => {
    bot.features.run = fails('The cloud is away.');
    await bot.event(homeOpened());
    await bot.settle();
    expect(said('views.publish')).toContain('The cloud is away.');
  });
});

describe('a submitted form', () => {
  it('that waits is filled with its answer', async () => {
    bot.features.plan = { durable: false, after: 'wait' };
    bot.features.run = async () => ({ kind: 'modal', view: form });
    const payload = submission({ id: 'V77' });
    await bot.interactive(payload);
    await bot.settle();
    expect(bot.fake.of('views.update')).toMatchObject([{ view_id: 'V77', view: { title: { text: 'Resize' } } }]);
  });

  it('that waits shows its refusal in the same window', async () => {
    bot.features.plan = { durable: false, after: 'wait' };
    bot.features.run = fails('The quota lacks 2 vCPUs.');
    await bot.interactive(submission());
    await bot.settle();
    expect(said('views.update')).toContain('The quota lacks 2 vCPUs.');
  });

  describe('that is refused while it waits', () => {
    const plain = (text: string) => ({ type: 'plain_text' as const, text });
    const large = { text: plain('s3.large.2'), value: 'f-large' };
    const other = { text: plain('s3.small.1'), value: 'f-small' };
    const found = { text: plain('web-1'), value: 'id-1', description: plain('ACTIVE') };
    const blocks = [
      section('Project demo.'),
      input({ blockId: 'server', label: 'Server', element: externalSelect({ actionId: 's', placeholder: 'Which' }) }),
      input({
        blockId: 'flavor',
        label: 'Flavor',
        element: select({ actionId: 'f', placeholder: 'Which', choices: [{ text: 's3.large.2', value: 'f-large' }] }),
      }),
      input({ blockId: 'channel', label: 'Channel', element: channelSelect({ actionId: 'c', placeholder: 'Where' }) }),
      input({ blockId: 'reason:1', label: 'Reason', element: textInput({ actionId: 'r', initial: 'as it was' }) }),
      input({ blockId: 'note', label: 'Note', optional: true, element: textInput({ actionId: 'n', initial: 'gone' }) }),
    ];
    const values = {
      server: { s: { type: 'external_select', selected_option: found } },
      flavor: { f: { type: 'static_select', selected_option: other } },
      channel: { c: { type: 'conversations_select', selected_conversation: 'C7' } },
      'reason:1': { r: { type: 'plain_text_input', value: 'more users' } },
      note: { n: { type: 'plain_text_input', value: null } },
    };
    const filled = (change: object = {}) =>
      submission({
        title: plain('Resize a server'),
        submit: plain('Ask'),
        close: plain('Close'),
        blocks: blocks.map((block) => (block.block_id === 'flavor' ? withOption(block, other) : block)),
        state: { values },
        ...change,
      });
    const withOption = (block: object, chosen: object) => ({
      ...block,
      element: { type: 'static_select', action_id: 'f', options: [large, chosen] },
    });
    const shown = () => bot.fake.of('views.update').at(-1)?.['view'] as ModalView;

    beforeEach(() => {
      bot.features.plan = { durable: false, after: 'wait' };
      bot.features.run = fails('The quota lacks 2 vCPUs.');
    });

    it('is shown again as it was filled in, with the sentence above it', async () => {
      await bot.interactive(filled());
      await bot.settle();
      expect(shown()).toMatchObject({
        title: plain('Resize a server'),
        submit: plain('Ask'),
        callback_id: 'resize:submit',
        private_metadata: '{"channel":"C1"}',
        blocks: [
          { type: 'section', text: { text: '⚠️ The quota lacks 2 vCPUs.' } },
          { type: 'section', text: { text: 'Project demo.' } },
          { block_id: 'server', element: { action_id: 's', initial_option: found } },
          { block_id: 'flavor', element: { options: [large, other], initial_option: other } },
          { block_id: 'channel', element: { initial_conversation: 'C7' } },
          { block_id: 'reason:1', element: { initial_value: 'more users' } },
          { block_id: 'note', optional: true, element: { action_id: 'n' } },
        ],
      });
      expect(JSON.stringify(shown())).not.toContain('gone');
    });

    it('has the sentence under the field it is about', async () => {
      bot.features.run = async () => {
        throw new UserError('quota', 'Say why, please.', { about: 'reason' });
      };
      await bot.interactive(filled());
      await bot.settle();
      const { blocks: again } = shown();
      const field = again.findIndex((block) => block.block_id === 'reason:1');
      expect(again).toHaveLength(blocks.length + 1);
      expect(again[field + 1]).toMatchObject({ type: 'context', elements: [{ text: '⚠️ Say why, please.' }] });
    });

    it('has one sentence, the newest, when it is refused again', async () => {
      await bot.interactive(filled());
      await bot.interactive(filled({ blocks: [{ ...section('⚠️ An older one.'), block_id: 'refusal' }, ...blocks] }));
      await bot.settle();
      expect(JSON.stringify(shown())).toContain('The quota lacks 2 vCPUs.');
      expect(JSON.stringify(shown())).not.toContain('An older one.');
    });

    it('drops what we had complained of before under its fields', async () => {
      await bot.interactive(filled({ blocks: [...blocks, complaint('note', 'Too &lt;long&gt;.')] }));
      await bot.settle();
      expect(complaint('note', 'Too &lt;long&gt;.')).toMatchObject({ elements: [{ text: '⚠️ Too &lt;long&gt;.' }] });
      expect(shown().blocks).toHaveLength(blocks.length + 1);
      expect(JSON.stringify(shown())).not.toContain('Too');
    });

    it('is told in the channel when it was closed', async () => {
      bot.fake.fail('views.update', refusal('not_found'));
      await bot.interactive(filled());
      await bot.settle();
      expect(bot.fake.of('chat.postEphemeral')).toMatchObject([{ text: 'The quota lacks 2 vCPUs.' }]);
    });

    it('does not come back when it was done and only the answer could not be shown', async () => {
      bot.features.run = async () => ({ kind: 'modal', view: form });
      bot.fake.fail('views.update', refusal('invalid_arguments'));
      await bot.interactive(filled());
      await bot.settle();
      expect(JSON.stringify(shown())).toContain('invalid_arguments');
      expect(JSON.stringify(shown())).not.toContain('more users');
    });

    it('gives way to the sentence alone when Slack does not take it again', async () => {
      bot.fake.fail('views.update', refusal('invalid_arguments'));
      await bot.interactive(filled());
      await bot.settle();
      expect(JSON.stringify(shown())).toContain('The quota lacks 2 vCPUs.');
      expect(JSON.stringify(shown())).not.toContain('more users');
    });
  });

  it('whose window was closed meanwhile is answered in the channel, without its buttons', async () => {
    bot.features.plan = { durable: false, after: 'wait' };
    const done = button({ text: 'Undo', actionId: 'undo' });
    const view = modal({ title: 'Started', blocks: [section('web-1 starts'), { type: 'actions', elements: [done] }] });
    bot.features.run = async () => ({ kind: 'modal', view });
    bot.fake.fail('views.update', refusal('not_found'));
    await bot.interactive(submission());
    await bot.settle();
    expect(said('chat.postEphemeral')).toContain('web-1 starts');
    expect(said('chat.postEphemeral')).not.toContain('Undo');
  });

  it('that was closed is answered in the channel it came from', async () => {
    bot.features.run = async () => message('asked');
    await bot.interactive(submission());
    await bot.settle();
    expect(bot.fake.of('chat.postEphemeral')).toMatchObject([{ channel: 'C1', user: 'U1', text: 'asked' }]);
  });

  it('may lead to the next window', async () => {
    bot.features.run = async () => ({ kind: 'modal', view: form });
    await bot.interactive(submission());
    await bot.settle();
    expect(bot.fake.of('views.open')).toHaveLength(1);
  });
});

it('an answer whose blocks no way takes is given without them', async () => {
  bot.features.run = async () => message('three servers', { blocks: [section('web-1'), section('web-2')] });
  bot.fake.fail('response_url', { status: 400, body: 'invalid_blocks' });
  for (const method of ['chat.postEphemeral', 'chat.postMessage']) bot.fake.fail(method, refusal('invalid_blocks'));
  await bot.command('list');
  await bot.settle();
  const [first, second] = bot.fake.of('response_url');
  expect(JSON.stringify(first)).toContain('web-2');
  expect(JSON.stringify(second)).toContain('three servers');
});

it('an answer with more blocks than Slack takes says that it is cut', async () => {
  const blocks = Array.from({ length: 60 }, (_, index) => section(`web-${index} ${'x'.repeat(300)}`));
  bot.features.run = async () => message('many servers', { blocks });
  await bot.command('list');
  await bot.settle();
  const [answer] = bot.fake.of('response_url');
  expect(JSON.stringify(answer?.['blocks']).length).toBeLessThanOrEqual(13_000);
  expect(JSON.stringify(answer)).toContain('web-0 ');
  expect(JSON.stringify(answer)).toContain('more than Slack shows');
});

it('an answer that cannot be given in any way is logged and breaks nothing', async () => {
  for (const method of ['response_url', 'chat.postEphemeral', 'chat.postMessage'])
    bot.fake.fail(method, { status: 500 }, { status: 500 });
  await bot.command('list');
  const errors = () => bot.log.filter(({ level }) => level === 'error').map((line) => line.message);
  await expect.poll(errors, { message: 'the failure to be logged' }).toEqual(['Nobody could be told an answer']);
  await bot.command('list');
  await bot.settle();
  expect(bot.fake.of('response_url')).toHaveLength(3);
  expect(errors()).toHaveLength(1);
});

it('one performed again after a crash still ends in one visible answer', async () => {
  bot.features.plan = { durable: true, loading: 'Resize' };
  bot.features.run = fails('Already asked.');
  await bot.command('resize web-1');
  const [recorded] = bot.recorded;
  if (!recorded) throw new Error('nothing was recorded');
  bot.fake.fail('views.open', refusal('exchanged_trigger_id'));
  await bot.slack.perform(recorded);
  expect(said('response_url')).toContain('Already asked.');
});
