// Servers of which the cloud says little, or nonsense: shown as what is known of them, and nothing is offered that may harm.
import { describe, expect, it } from 'vitest';
import { Bot, clickables, mrkdwnOf, textOf } from './bot.ts';
import { AT, FakeCloud, WEB_1 } from './fake-cloud.ts';

type Wire = Record<string, unknown>;

/** Everything that the cloud says of any server. */
function botSeeing(record: Wire): Bot {
  const cloud = new FakeCloud({ servers: [{ id: WEB_1, name: 'web-1', status: 'ACTIVE' }] });
  const call = cloud.call.bind(cloud);
  cloud.call = async (request) => {
    const answer = await call(request);
    if (!request.path.startsWith('/servers')) return answer;
    const body = request.path === '/servers/detail' ? { servers: [record] } : { server: record };
    return { ...answer, body, at: AT };
  };
  return new Bot({ cloud });
}

const HOSTILE = '<!channel> *x* `y` & \u202eevil ';

const records: [what: string, record: Wire][] = [
  [
    'an unreachable cell',
    { id: WEB_1, status: 'UNKNOWN', tenant_id: 'p-demo', created: '2026-11-20T20:23:54Z', links: [] },
  ],
  ['nothing but its id', { id: WEB_1 }],
  ['a status that nobody knows', { id: WEB_1, name: 'web-1', status: 'DREAMING', 'OS-EXT-STS:task_state': '' }],
  ['a status without end', { id: WEB_1, name: 'web-1', status: HOSTILE.repeat(200) }],
  ['a task without end', { id: WEB_1, name: 'web-1', status: 'ACTIVE', 'OS-EXT-STS:task_state': HOSTILE.repeat(200) }],
  [
    'everything hostile',
    {
      id: WEB_1,
      name: HOSTILE.repeat(20),
      status: HOSTILE,
      'OS-EXT-STS:task_state': HOSTILE,
      'OS-EXT-AZ:availability_zone': HOSTILE.repeat(50),
      flavor: { original_name: HOSTILE.repeat(50), vcpus: 1e300, ram: -1, disk: 'x' },
      image: { id: HOSTILE.repeat(50) },
      key_name: HOSTILE.repeat(50),
      description: HOSTILE.repeat(500),
      tags: Array.from({ length: 200 }, () => HOSTILE),
      security_groups: Array.from({ length: 200 }, (_unused, at) => ({ name: `${HOSTILE}${at}` })),
      addresses: Object.fromEntries(
        Array.from({ length: 200 }, (_unused, at) => [HOSTILE + at, [{ addr: HOSTILE.repeat(10), version: 'x' }]]),
      ),
      'os-extended-volumes:volumes_attached': Array.from({ length: 200 }, (_unused, at) => ({ id: HOSTILE + at })),
      fault: { code: 1e300, message: HOSTILE.repeat(5000) },
      created: '+275760-09-13T00:00:00Z',
      'OS-SRV-USG:launched_at': '-271821-04-20T00:00:00Z',
    },
  ],
];

describe.each(records)('a server of which the cloud says %s', (_what, record) => {
  // Each answer is held against Slack's limits by the bot of these tests.
  it.each(['list', `show ${WEB_1}`, 'show', 'start', 'stop', 'reboot', 'delete', 'resize'])(
    'leaves “%s” whole and harmless',
    async (line) => {
      const said = mrkdwnOf(await botSeeing(record).says(line));
      expect(said).not.toMatch(/<!(?!date)|\u202e/);
    },
  );

  it('is not offered to be changed by a button', async () => {
    const shown = clickables(await botSeeing(record).says(`show ${WEB_1}`)).map(({ text }) => text);
    expect(shown.filter((text) => !['Details', 'Refresh', 'Share'].includes(text))).toEqual([]);
  });
});

it('a server that has only a floating address is shown with it', async () => {
  const addresses = { net: [{ addr: '80.1.2.3', version: 4, 'OS-EXT-IPS:type': 'floating' }] };
  const bot = botSeeing({ id: WEB_1, name: 'web-1', status: 'ACTIVE', addresses });
  expect(textOf(await bot.says('list'))).toContain('`web-1` ACTIVE · 80.1.2.3');
});

it('a server without addresses, flavor and zone is shown without them', async () => {
  const bot = botSeeing({ id: WEB_1, name: 'web-1', status: 'DELETED', addresses: {}, flavor: {}, image: '' });
  expect(textOf(await bot.says('list'))).toMatch(/^🗑️ `web-1` DELETED$/m);
});
