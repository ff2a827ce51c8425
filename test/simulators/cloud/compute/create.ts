// POST and PUT /servers: a server from its order to ACTIVE, or to ERROR with the reason as its fault.

import { randomBytes, randomUUID } from 'node:crypto';

import { Refusal, type Answer } from '../exchange.ts';
import type { SimServer } from '../model.ts';
import { volumeUsageOf } from '../volume/usage.ts';
import { isOrderOnly, requireUnlocked } from './actions.ts';
import { requireBody, requireFields, requireName } from './bodies.ts';
import { requireRole, requireServer, type ComputeCall } from './caller.ts';
import { NOTHING_MORE, overQuota, ownNetworks, requireBuildable } from './create-checks.ts';
import { readOrder, type BootDisk, type CreateOrder } from './create-order.ts';
import { plugNew, type Nic } from './interfaces.ts';
import { links, serverView } from './server-view.ts';
import { plan, record, setTask, type Change, type PlannedStep } from './transitions.ts';

/** POST /servers */
export function postServer(call: ComputeCall): Answer {
  const order = readOrder(call);
  requireRole(call, 'member', 'servers:create');
  const flavor = requireBuildable(call, order);
  const server = addBuilding(call, order);
  const [action] = server.actions;
  if (action === undefined) throw new Error('a new server has its creation on record');
  Object.assign(action, { requestId: call.exchange.requestId, userId: call.caller.userId });
  build(call, { core: call.core, server, action }, { order, outcome: flavor.resizeOutcome });
  return createdAnswer(call, server, order);
}

function addBuilding({ core, caller }: ComputeCall, order: CreateOrder): SimServer {
  const server = core.world.addServer({
    id: randomUUID(),
    name: order.name,
    project: caller.projectId ?? '',
    flavor: order.flavorId,
    user: caller.userId,
    vmState: 'building',
    taskState: 'scheduling',
    imageId: order.imageId,
    keyName: order.keyName,
    description: order.description,
    metadata: order.metadata,
    addresses: {},
    ...(order.zone !== null && { zone: order.zone }),
  });
  // A server on a volume has no disk of its own to keep.
  if (order.bootDisk !== null) server.minDiskGiB = 0;
  return server;
}

/** Everything about the answer that is not in it can only be had by asking. */
function createdAnswer(call: ComputeCall, server: SimServer, order: CreateOrder): Answer {
  if (order.reservation) return { status: 202, body: { reservation_id: server.reservationId } };
  const view = {
    id: server.id,
    links: links(call, `servers/${server.id}`),
    'OS-DCF:diskConfig': 'MANUAL',
    security_groups: [{ name: 'default' }],
    // In this answer and in no other.
    adminPass: randomBytes(9).toString('base64url'),
  };
  return { status: 202, headers: { Location: `${call.linkBase}/servers/${server.id}` }, body: { server: view } };
}

type Plan = { order: CreateOrder; outcome: 'fits' | 'no_valid_host' | 'finish_fails' };

function build(call: ComputeCall, change: Change, { order, outcome }: Plan): void {
  const { bootDisk } = order;
  const disk: PlannedStep[] =
    bootDisk === null
      ? []
      : [step(() => setTask(change, 'block_device_mapping')), step(() => makeDisk(change, bootDisk))];
  plan(change, [
    step(() => place(change, outcome === 'no_valid_host')),
    step(() => connect(call, change, order.nics)),
    ...disk,
    step(() => setTask(change, 'spawning')),
    step(() => finish(change)),
  ]);
}

function step(run: () => void): PlannedStep {
  return { pace: 'createMs', part: 1 / 4, run };
}

/** Only a server that has a place is counted, so two orders may both have been taken for the last one: then none gets it. */
function place(change: Change, nothingFits: boolean): void {
  const { core, server } = change;
  if (nothingFits) {
    fail(change, 'No valid host was found. ');
    server.isHomeless = true;
    Object.assign(change.action, { message: 'Error' });
    change.action.events = [];
    return record(change, 'conductor_schedule_and_build_instances', 'Error');
  }
  setTask(change, 'networking');
  const over = overQuota(core, server.projectId, NOTHING_MORE);
  if (over === null) return;
  fail(change, over);
  Object.assign(server.fault ?? {}, { code: 413 });
  server.actions = [];
}

function connect(call: ComputeCall, change: Change, nics: CreateOrder['nics']): void {
  const aborted = `Build of instance ${change.server.id} aborted: `;
  if (call.core.down.has('network'))
    return fail(change, `${aborted}Failed to allocate the network(s), not rescheduling.`);
  try {
    plugNew(call, change.server, nics ?? ownNetwork(call));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    fail(change, `${aborted}Failed to allocate the network(s) with error, not rescheduling.`);
  }
}

function ownNetwork({ core, caller }: ComputeCall): Nic[] {
  return ownNetworks(core, caller).map(({ id }) => ({ networkId: id, address: null }));
}

function makeDisk(change: Change, { imageId, sizeGiB, type, deleteWithServer }: BootDisk): void {
  const { core, server } = change;
  const { quota } = core.world.project(server.projectId);
  const used = volumeUsageOf(core, server.projectId);
  const id = randomUUID();
  const aborted = `Build of instance ${server.id} aborted: `;
  if (quota.gigabytes !== -1 && used.gigabytes + sizeGiB > quota.gigabytes) {
    return fail(
      change,
      `${aborted}VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota.`,
    );
  }
  if (core.down.has('volume') || core.volumeSpoils.delete(server.name)) {
    const waited =
      'did not finish being created even after we waited 6 seconds or 3 attempts. And its status is error.';
    return fail(change, `${aborted}Volume ${id} ${waited}`);
  }
  const volume = core.world.stock.addVolume({
    id,
    name: '',
    project: server.projectId,
    user: server.userId,
    sizeGiB,
    zone: server.zone,
    status: 'in-use',
    bootable: true,
    ...(type !== null && { type }),
  });
  const attachment = {
    id: randomUUID(),
    serverId: server.id,
    device: '/dev/vda',
    at: core.timeline.now(),
    isRoot: true,
  };
  Object.assign(volume, { imageId, deleteWithServer, attachment, createdAt: core.timeline.now() });
  server.volumeIds = [volume.id];
}

/**
 * Nova tells the reason in the fault, and leaves the server lying about in ERROR until somebody deletes it. Its record
 * has it that all went well.
 */
function fail(change: Change, message: string): void {
  const { core, server } = change;
  core.timeline.forget(server.id);
  server.vmState = 'error';
  server.fault = { code: 500, message, createdAt: core.timeline.now() };
  record(change, 'compute__do_build_and_run_instance', 'Success');
  setTask(change, null);
}

function finish(change: Change): void {
  const { core, server } = change;
  const spoil = core.spoils.get(server.id);
  if (spoil?.action === 'create') {
    core.spoils.delete(server.id);
    return fail(change, 'Virtual Interface creation failed');
  }
  record(change, 'compute__do_build_and_run_instance', 'Success');
  Object.assign(server, { vmState: 'active', powerState: 1, launchedAt: core.timeline.now() });
  setTask(change, null);
}

/** PUT /servers/{id}: a new name, or a description since 2.19. */
export function putServer(call: ComputeCall, id: string): Answer {
  const body = requireBody(call, 'server');
  const newer = call.version >= 19 ? ['description'] : [];
  const allowed = ['name', 'accessIPv4', 'accessIPv6', 'OS-DCF:diskConfig', ...newer];
  requireFields('server', body, { required: [], allowed });
  const name = body['name'] === undefined ? null : requireName(body['name']);
  const server = requireServer(call, id);
  requireRole(call, 'member', 'servers:update');
  requireUnlocked(call, server);
  // What is told of an order is not told to whoever builds the server.
  if (isOrderOnly(server))
    return { status: 200, body: { server: serverView(call, { ...server, name: name ?? server.name }) } };
  if (name !== null) server.name = name;
  if (typeof body['description'] === 'string') server.description = body['description'];
  server.updatedAt = call.core.timeline.now();
  return { status: 200, body: { server: serverView(call, server) } };
}
