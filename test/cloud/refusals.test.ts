// Everything a cloud says no to, and what kind of no the bot makes of it.
import { describe, expect, test } from 'vitest';
import type { Cloud } from '../../src/openstack/cloud.ts';
import { listFlavors, showFlavor } from '../../src/openstack/flavors.ts';
import { showLimits } from '../../src/openstack/limits.ts';
import { listServerActions } from '../../src/openstack/server-actions.ts';
import {
  confirmResize,
  listServers,
  rebootServer,
  resizeServer,
  revertResize,
  showServer,
  startServer,
  stopServer,
  type Accepted,
} from '../../src/openstack/servers.ts';
import { unknownId } from './support/unique.ts';
import { needs, useCloud } from './support/use-cloud.ts';
import { settled, strays } from './support/watching.ts';

const house = await useCloud();
const { small, medium, disabled } = house.under.flavors;

/** Each way to change a server, by the name of Nova's policy for it. */
const CHANGES: [policy: string, change: (cloud: Cloud, id: string) => Promise<Accepted>][] = [
  ['servers:start', startServer],
  ['servers:stop', async (cloud, id) => stopServer(cloud, id, { hard: false })],
  ['servers:reboot', async (cloud, id) => rebootServer(cloud, id, { hard: false })],
  ['servers:resize', async (cloud, id) => resizeServer(cloud, id, medium)],
  ['servers:confirm_resize', confirmResize],
  ['servers:revert_resize', revertResize],
];

describe('a flavor that a resize cannot have', () => {
  test('the one it has', async () => {
    const { id } = await house.server();
    await expect(resizeServer(await house.member(), id, small)).rejects.toMatchObject({
      kind: 'bad_request',
      status: 400,
      code: 'badRequest',
      serviceMessage: 'When resizing, instances must change flavor!',
    });
  });

  test('one that is not there is a bad request here, and not found when asked for itself', async () => {
    const cloud = await house.member();
    const { id } = await house.server();
    const flavor = unknownId();
    const serviceMessage = `Flavor ${flavor} could not be found.`;
    await expect(resizeServer(cloud, id, flavor)).rejects.toMatchObject({ kind: 'bad_request', serviceMessage });
    await expect(showFlavor(cloud, flavor)).rejects.toMatchObject({ kind: 'not_found', status: 404, serviceMessage });
  });

  test('a disabled one, which is shown but not listed', async (context) => {
    const flavor = needs(context, disabled);
    const cloud = await house.member();
    const { id } = await house.server();
    await expect(resizeServer(cloud, id, flavor)).rejects.toMatchObject({
      kind: 'bad_request',
      serviceMessage: `Flavor ${flavor} could not be found.`,
    });
    expect(await showFlavor(cloud, flavor)).toMatchObject({ id: flavor, disabled: true });
    expect((await listFlavors(cloud)).flavors.map((listed) => listed.id)).not.toContain(flavor);
  });

  test('a refused resize leaves the server alone, and no record', async () => {
    const cloud = await house.member();
    const { id } = await house.server();
    await expect(resizeServer(cloud, id, small)).rejects.toThrow();
    expect(await showServer(cloud, id)).toMatchObject({ status: 'ACTIVE', taskState: null });
    expect((await listServerActions(cloud, id)).map(({ action }) => action)).not.toContain('resize');
  });
});

describe('a quota', () => {
  test('that is used up refuses what grows, and says by how much', async (context) => {
    const setQuota = needs(context, house.under.setQuota);
    const cloud = await house.elsewhere(context);
    const { id } = await house.server({ project: cloud.projectId });
    const used = (await showLimits(cloud)).cores.used ?? 0;
    house.after(await setQuota(cloud.projectId, { cores: used }));
    expect((await showLimits(cloud)).cores).toEqual({ used, max: used });
    await expect(resizeServer(cloud, id, medium)).rejects.toMatchObject({
      kind: 'quota',
      status: 403,
      serviceMessage: expect.stringMatching(
        /^Quota exceeded for cores: Requested \d+, but already used \d+ of \d+ cores$/,
      ),
    });
  });
});

describe('a locked server', () => {
  test('refuses whoever is no administrator, the one who locked it included', async (context) => {
    const cloud = await house.member();
    const { id } = await house.server();
    await act(cloud, id, { lock: null });
    house.after(async () => act(cloud, id, { unlock: null }));
    expect((await showServer(cloud, id)).locked).toBe(true);
    const refused = { kind: 'conflict', status: 409, serviceMessage: `Instance ${id} is locked` };
    for (const person of [cloud, await house.connect(context, 'colleague')]) {
      await expect(resizeServer(person, id, medium)).rejects.toMatchObject(refused);
      await expect(stopServer(person, id, { hard: false })).rejects.toMatchObject(refused);
    }
  });

  test('does as it is told again once it is unlocked', async () => {
    const cloud = await house.member();
    const { id } = await house.server();
    await act(cloud, id, { lock: null });
    await act(cloud, id, { unlock: null });
    await stopServer(cloud, id, { hard: false });
    await settled(await house.watcher(), id, 'SHUTOFF');
  });

  test('may be confirmed by nobody while it waits', async () => {
    const cloud = await house.member();
    const { id } = await house.server();
    await resizeServer(cloud, id, medium);
    await settled(await house.watcher(), id, 'VERIFY_RESIZE');
    await act(cloud, id, { lock: null });
    house.after(async () => act(cloud, id, { unlock: null }));
    for (const decide of [confirmResize, revertResize]) {
      await expect(decide(cloud, id)).rejects.toMatchObject({
        kind: 'conflict',
        serviceMessage: `Instance ${id} is locked`,
      });
    }
    expect(await showServer(cloud, id)).toMatchObject({ status: 'VERIFY_RESIZE', taskState: null });
  });
});

describe('a person', () => {
  test('who may only look sees a server and changes nothing', async (context) => {
    const reader = await house.connect(context, 'reader');
    const { id, name } = await house.server();
    expect(await showServer(reader, id)).toMatchObject({ name });
    expect((await listServers(reader, { name })).servers.map((server) => server.id)).toEqual([id]);
    for (const [policy, change] of CHANGES) {
      await expect(change(reader, id), policy).rejects.toMatchObject({
        kind: 'forbidden',
        status: 403,
        serviceMessage: `Policy doesn't allow os_compute_api:${policy} to be performed.`,
      });
    }
  });

  test('of the same project may change what somebody else made', async (context) => {
    const colleague = await house.connect(context, 'colleague');
    const { id } = await house.server();
    const { requestId } = await stopServer(colleague, id, { hard: false });
    await settled(await house.watcher(), id, 'SHUTOFF');
    const [last] = await listServerActions(await house.member(), id);
    expect(last).toMatchObject({ action: 'stop', requestId });
    expect(last?.userId).not.toBe((await showServer(colleague, id)).userId);
  });

  test('in another project does not find the server at all', async (context) => {
    const elsewhere = await house.elsewhere(context);
    const { id, name } = await house.server();
    const refused = { kind: 'not_found', status: 404, serviceMessage: `Instance ${id} could not be found.` };
    await expect(showServer(elsewhere, id)).rejects.toMatchObject(refused);
    expect((await listServers(elsewhere, { name })).servers).toEqual([]);
    for (const [policy, change] of CHANGES) await expect(change(elsewhere, id), policy).rejects.toMatchObject(refused);
  });

  test('who is no administrator may not look into all projects, nor for deleted servers', async () => {
    const cloud = await house.member();
    await expect(listServers(cloud, { allProjects: true })).rejects.toMatchObject({
      kind: 'forbidden',
      serviceMessage: "Policy doesn't allow os_compute_api:servers:detail:get_all_tenants to be performed.",
    });
    await expect(listServers(cloud, { status: 'DELETED' })).rejects.toMatchObject({ kind: 'forbidden' });
  });
});

test('a server that does not exist is not found, whatever is asked of it', async () => {
  const cloud = await house.member();
  const id = unknownId();
  const notFound = { kind: 'not_found', status: 404, serviceMessage: `Instance ${id} could not be found.` };
  await expect(showServer(cloud, id)).rejects.toMatchObject(notFound);
  await expect(listServerActions(cloud, id)).rejects.toMatchObject(notFound);
  const notMapped = { ...notFound, serviceMessage: `Instance ${id} has no mapping to a cell.` };
  for (const [policy, change] of CHANGES) {
    // Nova's start and stop look in another place than all its other calls.
    const refused = /start|stop/.test(policy) ? notMapped : notFound;
    await expect(change(cloud, id), policy).rejects.toMatchObject(refused);
  }
});

test('a deleted server shows as DELETED for a moment, and then is not found', async () => {
  const cloud = await house.member();
  const { id } = await house.server();
  expect(strays(await house.remove(id), ['ACTIVE', 'ACTIVE/deleting', 'DELETED'])).toEqual([]);
  await expect(showServer(cloud, id)).rejects.toMatchObject({ kind: 'not_found' });
  await expect(resizeServer(cloud, id, medium)).rejects.toMatchObject({ kind: 'not_found' });
});

test.each<[query: [string, string][], message: RegExp]>([
  [[['marker', 'no-such-server']], /marker \[no-such-server\] not found/],
  [[['limit', 'many']], /query parameters limit\. Value: many/],
  [[['limit', '-1']], /query parameters limit\. Value: -1/],
  [[['changes-since', 'yesterday']], /query parameters changes-since\. Value: yesterday/],
  [[['sort_key', 'beauty']], /sort_key/],
])('a list asked for with %s is a bad request', async (query, message) => {
  const call = (await house.member()).call({ service: 'compute', method: 'GET', path: '/servers/detail', query });
  await expect(call).rejects.toMatchObject({
    kind: 'bad_request',
    status: 400,
    serviceMessage: expect.stringMatching(message),
    requestId: expect.stringMatching(/^req-/),
  });
});

test.each<[what: string, body: unknown, message: RegExp]>([
  ['two actions at once', { 'os-stop': null, 'os-start': null }, /^Malformed request body$/],
  ['an action that Nova does not know', { levitate: null }, /^There is no such action: levitate$/],
  ['a resize to nothing', { resize: {} }, /'flavorRef' is a required property/],
  ['a reboot of an unknown type', { reboot: { type: 'GENTLE' } }, /'GENTLE' is not one of/],
])('%s is a bad request', async (_what, body, message) => {
  const cloud = await house.member();
  const { id } = await house.server();
  await expect(act(cloud, id, body)).rejects.toMatchObject({
    kind: 'bad_request',
    serviceMessage: expect.stringMatching(message),
  });
});

test('an address that no service has is not found, and told in JSON', async () => {
  const cloud = await house.member();
  const call = cloud.call({ service: 'compute', method: 'GET', path: '/no-such-thing' });
  await expect(call).rejects.toMatchObject({ kind: 'not_found', serviceMessage: 'The resource could not be found.' });
});

async function act(cloud: Cloud, id: string, body: unknown): Promise<void> {
  await cloud.call({ service: 'compute', method: 'POST', path: `/servers/${id}/action`, body });
}
