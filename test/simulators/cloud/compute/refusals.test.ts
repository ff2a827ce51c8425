// Every refusal of Nova that was recorded on a real one, provoked here in the same way and compared word for word.

import { afterEach, expect, test } from 'vitest';

import { CloudSimulator } from '../cloud-simulator.ts';
import { bearerOf, person, type Person, type Seen } from '../testing/person.ts';
import { comparable, recordedRefusal } from '../testing/recorded.ts';

const NOWHERE = '11111111-2222-3333-4444-555555555555';

type Stage = { cloud: CloudSimulator; alice: Person; id: string };
type Row = [file: string, provoke: (stage: Stage) => Promise<Seen>];

let cloud: CloudSimulator;
let time = Date.parse('2026-11-20T21:00:00Z');

afterEach(async () => cloud.close());

const resize = (flavorRef: string): unknown => ({ resize: { flavorRef } });
const confirm = { confirmResize: null };
const revert = { revertResize: null };

async function resized({ cloud: sim, alice, id }: Stage): Promise<void> {
  await alice.act(id, resize('12'));
  sim.finish(id);
}

const rows: Row[] = [
  ['errors/nova-no-token-401', async ({ alice }) => alice.ask('/servers', { headers: { 'X-Auth-Token': '' } })],
  [
    'errors/nova-invalid-token-401',
    async ({ alice }) => alice.ask('/servers', { headers: { 'X-Auth-Token': 'nonsense' } }),
  ],
  [
    'errors/nova-expired-token-401',
    async ({ alice }) => {
      await alice.ask('/servers');
      time += 3_600_000;
      return alice.ask('/servers');
    },
  ],
  [
    'errors/nova-revoked-token-401',
    async ({ cloud: sim, alice }) => {
      sim.operator.revokeAllTokens();
      return alice.ask('/servers');
    },
  ],
  ['errors/nova-unscoped-token', async ({ cloud: sim }) => (await person(sim, 'dave', null)).ask('/servers')],
  [
    'errors/nova-appcred-member-only',
    async ({ cloud: sim }) => {
      const credential = sim.applicationCredential('alice', 'demo', { roles: ['member'] });
      return (await bearerOf(sim, credential)).ask('/servers');
    },
  ],
  ['errors/nova-all-tenants-403', async ({ alice }) => alice.ask('/servers/detail?all_tenants=1')],
  ['errors/nova-bad-microversion-406', async ({ alice }) => alice.ask('/servers', { version: '2.999' })],
  ['errors/nova-malformed-microversion-400', async ({ alice }) => alice.ask('/servers', { version: 'abc' })],
  ['errors/nova-invalid-marker-400', async ({ alice }) => alice.ask('/servers?marker=no-such')],
  ['errors/nova-invalid-limit-400', async ({ alice }) => alice.ask('/servers?limit=abc')],
  ['errors/nova-invalid-changes-since-400', async ({ alice }) => alice.ask('/servers?changes-since=nonsense')],
  ['errors/nova-unknown-resource-404', async ({ alice }) => alice.ask('/no-such-thing')],
  ['errors/nova-unknown-server-404', async ({ alice }) => alice.ask(`/servers/${NOWHERE}`)],
  ['errors/nova-unknown-flavor-404', async ({ alice }) => alice.ask('/flavors/nosuch')],
  [
    'errors/nova-other-project-404',
    async ({ cloud: sim, alice }) =>
      alice.ask(`/servers/${sim.addServer({ name: 'x', project: 'ops', flavor: '11' }).id}`),
  ],
  [
    'errors/nova-other-project-action-404',
    async ({ cloud: sim, id }) => (await person(sim, 'alice', 'ops')).act(id, { 'os-stop': null }),
  ],
  [
    'errors/nova-forbidden-reader-403',
    async ({ cloud: sim, id }) => (await person(sim, 'carol', 'demo')).act(id, { 'os-stop': null }),
  ],
  [
    'errors/nova-forbidden-reader-resize-403',
    async ({ cloud: sim, id }) => (await person(sim, 'carol', 'demo')).act(id, resize('12')),
  ],
  [
    'errors/nova-locked-409',
    async ({ alice, id }) => {
      await alice.act(id, { lock: null });
      return alice.act(id, { 'os-stop': null });
    },
  ],
  [
    'errors/nova-locked-by-admin-409',
    async ({ cloud: sim, alice, id }) => {
      sim.operator.lock('web-1');
      return alice.act(id, { 'os-stop': null });
    },
  ],
  [
    'errors/nova-resize-locked-409',
    async ({ cloud: sim, alice, id }) => {
      sim.operator.lock('web-1');
      return alice.act(id, resize('12'));
    },
  ],
  ['errors/nova-start-active-409', async ({ alice, id }) => alice.act(id, { 'os-start': null })],
  [
    'errors/nova-stop-stopped-409',
    async ({ cloud: sim, alice, id }) => {
      sim.operator.stop('web-1');
      return alice.act(id, { 'os-stop': null });
    },
  ],
  ['errors/nova-resize-bad-body-400', async ({ alice, id }) => alice.act(id, { resize: {} })],
  ['errors/nova-resize-same-flavor-400', async ({ alice, id }) => alice.act(id, resize('11'))],
  ['errors/nova-resize-unknown-flavor', async ({ alice, id }) => alice.act(id, resize('no-such-flavor'))],
  ['errors/nova-resize-disabled-flavor', async ({ alice, id }) => alice.act(id, resize('15'))],
  [
    'errors/nova-resize-error-409',
    async ({ cloud: sim, alice, id }) => {
      sim.operator.breakServer('web-1', 'AttributeError');
      return alice.act(id, resize('12'));
    },
  ],
  [
    'errors/nova-quota-exceeded-403',
    async ({ cloud: sim, alice, id }) => {
      Object.assign(sim.world.project('demo').quota, { cores: 6 });
      sim.addServer({ name: 'fifth-core', project: 'demo', flavor: '11' });
      return alice.act(id, resize('14'));
    },
  ],
  ['errors/nova-resize-novalidhost-answer', async ({ alice, id }) => alice.act(id, resize('16'))],
  [
    'errors/nova-resize-while-resizing-409',
    async ({ alice, id }) => {
      await alice.act(id, resize('12'));
      return alice.act(id, resize('13'));
    },
  ],
  ...(
    [
      ['errors/nova-resize-while-verify-409', resize('13')],
      ['errors/nova-stop-while-verify', { 'os-stop': null }],
    ] as const
  ).map(([file, action]): Row => [
    file,
    async (stage) => {
      await resized(stage);
      return stage.alice.act(stage.id, action);
    },
  ]),
  ['errors/nova-confirm-not-verify', async ({ alice, id }) => alice.act(id, confirm)],
  ['errors/nova-revert-not-verify', async ({ alice, id }) => alice.act(id, revert)],
  [
    'race/double-confirm-400',
    async (stage) => {
      await resized(stage);
      await stage.alice.act(stage.id, confirm);
      return stage.alice.act(stage.id, confirm);
    },
  ],
  [
    'errors/nova-resize-race-500',
    async ({ alice, id }) => {
      const answers = await Promise.all([alice.act(id, resize('12')), alice.act(id, resize('12'))]);
      return loserOf(answers);
    },
  ],
  [
    'race/double-revert-500',
    async (stage) => {
      await resized(stage);
      const answers = await Promise.all([stage.alice.act(stage.id, revert), stage.alice.act(stage.id, revert)]);
      return loserOf(answers);
    },
  ],
  [
    'faults/neutron-down-detail',
    async ({ cloud: sim, alice }) => {
      sim.breakDown('network');
      return alice.ask('/servers/detail');
    },
  ],
  [
    'faults/neutron-down-resize',
    async ({ cloud: sim, alice, id }) => {
      sim.breakDown('network');
      return alice.act(id, resize('12'));
    },
  ],
  [
    'faults/db-down-list',
    async ({ cloud: sim, alice }) => {
      await alice.ask('/servers');
      sim.breakDown('database');
      return alice.ask('/servers');
    },
  ],
  [
    'faults/keystone-down-uncached',
    async ({ cloud: sim, alice }) => {
      sim.breakDown('identity');
      return alice.ask('/servers', { headers: { Accept: '*/*' } });
    },
  ],
];

function loserOf(answers: Seen[]): Seen {
  const loser = answers.find((answer) => answer.status >= 400);
  if (loser === undefined) throw new Error('nobody lost the race');
  return loser;
}

test.each(rows)('Nova says what a real one said: %s', async (file, provoke) => {
  // Wide where two requests have to meet, none where it would only cost time.
  const raceWindowMs = /race-500|double-revert/.test(file) ? 150 : 0;
  cloud = await CloudSimulator.start({ pace: 'manual', now: () => time, raceWindowMs });
  const alice = await person(cloud, 'alice', 'demo');
  const seen = await provoke({ cloud, alice, id: cloud.server('web-1').id });

  const recorded = recordedRefusal(file);
  expect(comparable(seen, recorded)).toEqual(recorded);
});
