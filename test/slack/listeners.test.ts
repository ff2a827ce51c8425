import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import type { Reply } from '../../src/slack/reply.ts';
import { click, clickInView, homeOpened, type Running, runSlack, submission, viewOf } from './support/running-slack.ts';

let bot: Running;
beforeEach(async () => {
  bot = await runSlack();
});
afterEach(async () => bot.close());

const never = new Promise<never>(() => {});

describe('the ack', () => {
  it('comes before the work, however long that takes', async () => {
    const work = Promise.withResolvers<Reply>();
    bot.features.run = async () => work.promise;
    expect(await bot.command('list')).toMatchObject({ status: 200, body: '' });
    expect(bot.acks).toEqual(['command']);
    work.resolve({ kind: 'none' });
  });

  it('comes after the record of what would be lost otherwise, and the work is left to the inbox', async () => {
    bot.features.plan = { durable: true };
    expect(await bot.interactive(click(bot.fake))).toMatchObject({ status: 200, body: '' });
    await bot.settle();
    expect(bot.recorded).toMatchObject([{ kind: 'action', actionId: 'resize:approve', value: 'R-7KQ2' }]);
    expect(bot.ran).toEqual([]);
  });

  it('is the same for something that was recorded before', async () => {
    bot.features.plan = { durable: true };
    bot.features.put = async () => 'duplicate';
    expect(await bot.command('resize web-1 large')).toMatchObject({ status: 200, body: '' });
  });

  it('of the same delivery twice starts the work once', async () => {
    const same = click(bot.fake);
    await bot.interactive(same);
    await bot.interactive(same);
    await bot.settle();
    expect(bot.ran).toHaveLength(1);
  });

  it('carries the errors of a form to its fields, and records nothing', async () => {
    bot.features.plan = { durable: true, errors: { reason: 'Say why.' } };
    const answer = await bot.interactive(submission());
    expect(answer.json()).toEqual({ response_action: 'errors', errors: { reason: 'Say why.' } });
    await bot.settle();
    expect(bot.recorded).toEqual([]);
  });

  it('records a form as it was filled in only where it can come back', async () => {
    const shown = { title: { type: 'plain_text', text: 'Resize' } };
    bot.features.plan = { durable: true, after: 'wait' };
    await bot.interactive(submission(shown));
    bot.features.plan = { durable: true, after: 'close' };
    await bot.interactive(submission(shown));
    expect(bot.recorded).toMatchObject([{ form: { title: { text: 'Resize' } } }, { callbackId: 'resize:submit' }]);
    expect(bot.recorded[1]).not.toHaveProperty('form');
  });

  it('closes a submitted form, or lets it wait for its answer', async () => {
    expect(await bot.interactive(submission())).toMatchObject({ status: 200, body: '' });
    bot.features.plan = { durable: true, after: 'wait' };
    expect((await bot.interactive(submission())).json()).toMatchObject({
      response_action: 'update',
      view: { type: 'modal', private_metadata: '{"channel":"C1"}' },
    });
  });

  it('of a repeated form does not leave its window waiting for an answer that has come already', async () => {
    bot.features.plan = { durable: true, after: 'wait' };
    bot.features.put = async () => 'duplicate';
    const answer = await bot.interactive(submission());
    expect(JSON.stringify(answer.json())).toContain('I already have this');
  });

  it('brings the choices of a menu', async () => {
    bot.features.suggest = async ({ query }) => [{ text: `web-${query}`, value: 'id-1', description: 'ACTIVE' }];
    const answer = await bot.interactive({
      type: 'block_suggestion',
      team: { id: 'T1' },
      user: { id: 'U1' },
      action_id: 'server:pick',
      block_id: 'server',
      value: '1',
      view: viewOf(),
    });
    expect(answer.json()).toMatchObject({ options: [{ text: { text: 'web-1' }, value: 'id-1' }] });
  });

  it('brings no choices rather than an error when they cannot be found', async () => {
    bot.features.suggest = async () => {
      throw new Error('the cloud is away');
    };
    const answer = await bot.interactive({
      type: 'block_suggestion',
      team: { id: 'T1' },
      user: { id: 'U1' },
      action_id: 'a',
      value: '',
    });
    expect(answer.json()).toEqual({ options: [] });
  });
});

describe('when it cannot be recorded', () => {
  beforeEach(() => {
    bot.features.plan = { durable: true };
    bot.features.put = async () => {
      throw new Error('Redis is away');
    };
  });

  it('a command is told so in the ack, with all that ends a refusal', async () => {
    bot.features.refusalEndsWith = [{ type: 'divider' }];
    const answer = (await bot.command('resize web-1 large')).json();
    expect(answer).toMatchObject({
      response_type: 'ephemeral',
      text: expect.stringContaining('could not record') as string,
      blocks: expect.arrayContaining([{ type: 'divider' }]) as unknown,
    });
  });

  it('a click is told so ephemerally, and the card stays as it is', async () => {
    expect(await bot.interactive(click(bot.fake))).toMatchObject({ status: 200, body: '' });
    await bot.settle();
    expect(bot.fake.of('response_url')).toMatchObject([
      {
        response_type: 'ephemeral',
        replace_original: false,
        text: expect.stringContaining('could not record') as string,
      },
    ]);
  });

  it('a form is told so at its first field, and keeps what was typed', async () => {
    const answer = (await bot.interactive(submission())).json();
    expect(answer).toMatchObject({
      response_action: 'errors',
      errors: { reason: expect.stringContaining('could not record') as string },
    });
  });

  it('a form that cannot be read is told so at its first field in plain text, whatever its names look like', async () => {
    bot.features.planFails = new UserError('unsupported', 'No more of <R&D>.', {
      mrkdwn: 'No more of &lt;R&amp;D&gt;.',
    });
    const answer = (await bot.interactive(submission())).json();
    expect(answer).toEqual({ response_action: 'errors', errors: { reason: 'No more of <R&D>.' } });
  });

  it('a form without fields is told so in its place', async () => {
    const answer = (await bot.interactive(submission({ blocks: [{ type: 'section' }], state: null }))).json();
    expect(answer).toMatchObject({ response_action: 'update' });
    expect(JSON.stringify(answer)).toContain('could not record');
  });

  it('the next attempt is recorded', async () => {
    const same = click(bot.fake);
    await bot.interactive(same);
    bot.features.put = async () => 'recorded';
    await bot.interactive(same);
    expect(bot.recorded).toHaveLength(2);
  });

  it('nobody waits longer than Slack does for a store that does not answer', async () => {
    bot.features.put = async () => never;
    bot.features.planTakesMs = 2480;
    expect((await bot.interactive(click(bot.fake))).status).toBe(200);
    await bot.settle();
    expect(bot.fake.of('response_url')).toHaveLength(1);
  });
});

describe('what a person did', () => {
  it('is read from a click on a message', async () => {
    await bot.interactive(click(bot.fake, { container: { message_ts: '1.2', channel_id: 'C1', is_ephemeral: true } }));
    await bot.settle();
    expect(bot.ran).toMatchObject([
      {
        kind: 'action',
        person: { teamId: 'T1', userId: 'U1' },
        actionId: 'resize:approve',
        value: 'R-7KQ2',
        channelId: 'C1',
        message: { channelId: 'C1', ts: '1.2' },
        ephemeral: true,
        view: null,
        receivedAt: bot.clock.now(),
      },
    ]);
  });

  it('is read from a menu in a window', async () => {
    const view = viewOf({ state: { values: {} } });
    const payload = clickInView(bot.fake, view);
    const picked = {
      type: 'static_select',
      action_id: 'flavor',
      block_id: 'b',
      action_ts: '9.1',
      selected_option: { value: 'f-1' },
    };
    await bot.interactive({ ...payload, actions: [picked] });
    await bot.settle();
    expect(bot.ran).toMatchObject([
      { actionId: 'flavor', value: 'f-1', channelId: null, view: { type: 'modal', id: view['id'] } },
    ]);
  });

  it('in a shared channel carries the workspace the person belongs to', async () => {
    await bot.interactive(click(bot.fake, { user: { id: 'U9', team_id: 'T9' } }));
    await bot.settle();
    expect(bot.ran).toMatchObject([{ person: { teamId: 'T9', userId: 'U9' } }]);
  });

  it('is read from every kind of field in a form', async () => {
    const values = {
      text: { a: { type: 'plain_text_input', value: 'typed' } },
      empty: { a: { type: 'plain_text_input', value: null } },
      select: { a: { type: 'static_select', selected_option: { value: 'one' } } },
      unselected: { a: { type: 'static_select', selected_option: null } },
      many: { a: { type: 'checkboxes', selected_options: [{ value: 'x' }, { value: 'y' }] } },
      person: { a: { type: 'users_select', selected_user: 'U2' } },
      channel: { a: { type: 'conversations_select', selected_conversation: 'C2' } },
      people: { a: { type: 'multi_users_select', selected_users: ['U2', 'U3'] } },
      day: { a: { type: 'datepicker', selected_date: '2026-12-01' } },
      moment: { a: { type: 'datetimepicker', selected_date_time: 1_700_000_000 } },
    };
    await bot.interactive(submission({ state: { values } }));
    await bot.settle();
    expect(bot.ran).toMatchObject([
      {
        kind: 'submission',
        callbackId: 'resize:submit',
        values: {
          text: 'typed',
          empty: null,
          select: 'one',
          unselected: null,
          many: ['x', 'y'],
          person: 'U2',
          channel: 'C2',
          people: ['U2', 'U3'],
          day: '2026-12-01',
          moment: '1700000000',
        },
      },
    ]);
  });

  it('is read from opening the Home tab, but not the Messages tab', async () => {
    bot.features.run = async () => ({ kind: 'home', view: { type: 'home', blocks: [] } });
    await bot.event(homeOpened());
    await bot.event(homeOpened({ event: { type: 'app_home_opened', user: 'U1', channel: 'D1', tab: 'messages' } }));
    await bot.settle();
    expect(bot.ran).toMatchObject([{ kind: 'home_opened', person: { teamId: 'T1', userId: 'U1' } }]);
    expect(bot.fake.of('views.publish')).toMatchObject([{ user_id: 'U1', view: { type: 'home' } }]);
  });
});
