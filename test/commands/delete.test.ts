import { describe, expect, it } from 'vitest';
import type { CloudAnswer, CloudRequest } from '../../src/openstack/cloud.ts';
import { Bot, named, request, textOf } from './bot.ts';
import { cloudError, WEB_1 } from './fake-cloud.ts';
import { StockedCloud } from './stocked-cloud.ts';

const ATTACHED = `GET /servers/${WEB_1}/os-volume_attachments`;

/** What the button says. */
const SURE = `delete ${WEB_1} --yes`;

/** Takes DELETE, and then shows the server `left` times more. */
class DeletingCloud extends StockedCloud {
  deletes = 0;
  left = 2;
  /** What the next deletes are answered with. */
  readonly answers: ('conflict' | 'not_found' | 'timeout' | 'unavailable')[] = [];

  override async call(asked: CloudRequest): Promise<CloudAnswer> {
    if (asked.method === 'DELETE') {
      this.deletes += 1;
      const kind = this.answers.shift();
      if (kind) throw cloudError(kind, asked);
      return { status: 204, body: null, requestId: 'req-1', at: 0 };
    }
    const isLook = asked.path === `/servers/${WEB_1}`;
    if (isLook && this.deletes > 0 && (this.left -= 1) < 0) throw cloudError('not_found', asked);
    return super.call(asked);
  }
}

function setting() {
  const cloud = new DeletingCloud();
  cloud.stock[ATTACHED] = {
    volumeAttachments: [
      { volumeId: 'v-boot', device: '/dev/vda', delete_on_termination: true },
      { volumeId: 'v-data', device: '/dev/vdb', delete_on_termination: false },
    ],
  };
  cloud.stock['GET /volumes/v-boot'] = { volume: { id: 'v-boot', name: 'root', size: 40, status: 'in-use' } };
  cloud.stock['GET /volumes/v-data'] = { volume: { id: 'v-data', name: '', size: 10, status: 'in-use' } };
  return { cloud, bot: new Bot({ cloud }) };
}

describe('delete', () => {
  it('says which disks go and which stay, and does nothing yet', async () => {
    const { bot, cloud } = setting();
    const reply = await bot.says('delete web-1');
    expect(textOf(reply)).toContain('Delete `web-1` in project `demo`? 🟢 It is ACTIVE. This cannot be undone.');
    expect(textOf(reply)).toContain('Disk `root` (40 GiB, `/dev/vda`) *goes* with it, and everything on it.');
    expect(textOf(reply)).toContain('Disk `v-data` (10 GiB, `/dev/vdb`) *stays* and keeps its data.');
    expect(cloud.deletes).toBe(0);
    expect(named(reply, 'Delete it').value).toBe(`${SURE} --called web-1`);
  });

  it('says when the cloud does not tell what becomes of a disk', async () => {
    const { bot, cloud } = setting();
    cloud.stock[ATTACHED] = { volumeAttachments: [{ volumeId: 'v-boot' }] };
    cloud.refused['GET /volumes/v-boot'] = 'forbidden';
    expect(textOf(await bot.says('delete web-1'))).toContain('Disk `v-boot`: this cloud does not tell before');
  });

  it('deletes once, tells the channel from asking to end, and waits until the server is gone', async () => {
    const { bot, cloud } = setting();
    const reply = await bot.says(SURE);
    expect(textOf(reply)).toContain('🗑️ `web-1` is deleted, as <@UALICE> asked.');
    expect(cloud.deletes).toBe(1);
    expect(bot.posted.map(({ key, text }) => [key, text])).toEqual([
      ['delete:i-1', '⏳ <@UALICE> is deleting `web-1`.'],
      ['delete:i-1', '🗑️ `web-1` is deleted, as <@UALICE> asked.'],
    ]);
  });

  it('looks no longer after half a minute, and says so', async () => {
    const { bot, cloud } = setting();
    cloud.left = 99;
    expect(textOf(await bot.says(SURE))).toContain('is still ACTIVE while <@UALICE> is deleting it');
  });

  it('counts a server that is gone already as deleted', async () => {
    const { bot, cloud } = setting();
    cloud.answers.push('not_found');
    cloud.left = 0;
    expect(textOf(await bot.says(SURE))).toContain('is deleted');
  });

  it('tells the end of what it did before it died', async () => {
    const { bot, cloud } = setting();
    const clicked = bot.typed(`${SURE} --called web-1`);
    await bot.run(clicked);
    cloud.servers = cloud.servers.filter(({ id }) => id !== WEB_1);
    expect(textOf(await bot.run(clicked))).toContain('🗑️ `web-1` is deleted, as <@UALICE> asked.');
    expect(bot.posted.at(-1)).toMatchObject({ key: 'delete:i-1', text: '🗑️ `web-1` is deleted, as <@UALICE> asked.' });
    await expect(bot.says(SURE)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('asks whoever types a name, whatever else they type', async () => {
    const { bot, cloud } = setting();
    expect(textOf(await bot.says('delete web-1 --yes'))).toContain('This cannot be undone.');
    expect(cloud.deletes).toBe(0);
  });

  it('names ten disks and counts the others', async () => {
    const { bot, cloud } = setting();
    cloud.stock[ATTACHED] = {
      volumeAttachments: Array.from({ length: 14 }, (_unused, place) => ({
        volumeId: `v-${place}`,
        delete_on_termination: true,
      })),
    };
    expect(textOf(await bot.says('delete web-1'))).toContain('… and 4 more disks');
  });

  it('orders again when nobody knows whether the first order arrived', async () => {
    const { bot, cloud } = setting();
    cloud.answers.push('timeout');
    expect(textOf(await bot.says(SURE))).toContain('is deleted');
    expect(cloud.deletes).toBe(2);
  });

  it('does not say how the server is when the cloud has not shown it since the order', async () => {
    const { bot, cloud } = setting();
    const call = cloud.call.bind(cloud);
    cloud.call = async (asked) => {
      if (asked.method === 'GET' && cloud.deletes > 0) throw cloudError('network', asked);
      return call(asked);
    };
    expect(textOf(await bot.says(SURE))).toContain(
      '⏳ The cloud took <@UALICE>’s order to delete `web-1` and has not answered since; I look no longer.',
    );
  });

  it('says why a server cannot be deleted now', async () => {
    const { bot, cloud } = setting();
    cloud.answers.push('conflict', 'conflict');
    await expect(bot.says(SURE)).rejects.toMatchObject({ code: 'wrong_state' });
    expect(bot.posted).toEqual([]);
  });

  it('leaves a server alone that is being resized', async () => {
    const { bot, cloud } = setting();
    bot.requests = [request({ state: 'resizing' })];
    await expect(bot.says(SURE)).rejects.toMatchObject({ code: 'busy' });
    expect(cloud.deletes).toBe(0);
  });

  it('tells nothing but that of a resize asked for in another workspace', async () => {
    const { bot, cloud } = setting();
    bot.requests = [request({ state: 'resizing', requester: { teamId: 'T2', userId: 'UMALLORY' } })];
    await expect(bot.says(SURE)).rejects.toMatchObject({
      code: 'busy',
      mrkdwn: 'A resize asked for in another Slack workspace runs on `web-1`. Wait until it is done, then try again.',
    });
    expect(cloud.deletes).toBe(0);
  });

  it('tells what the cloud said when it failed', async () => {
    const { bot, cloud } = setting();
    cloud.answers.push('unavailable', 'unavailable');
    await expect(bot.says(SURE)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('asks which of several of that name', async () => {
    expect(textOf(await setting().bot.says('delete twin'))).toContain('2 servers are called `twin`: which one?');
  });
});
