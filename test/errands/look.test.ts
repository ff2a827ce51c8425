// What a look at the cloud means for the step in hand: every state that disks, NICs and servers can be in.
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { advance } from '../../src/errands/advance.ts';
import { cards } from '../../src/errands/cards.ts';
import type { Step } from '../../src/errands/errand.ts';
import { newErrand } from '../../src/errands/errands.ts';
import { lookAt } from '../../src/errands/look.ts';
import type { Task } from '../../src/errands/task.ts';
import type { Cloud } from '../../src/openstack/cloud.ts';
import { CloudError, type CloudErrorKind } from '../../src/openstack/errors.ts';
import { profiles } from '../../src/openstack/profile.ts';
import { ALICE, order, SERVER } from './house.ts';

type Wire = Record<string, unknown>;

/** Answers by the end of the path; what is not there is not found. */
function cloudWith(things: Record<string, Wire | CloudErrorKind>): Cloud {
  return {
    projectId: 'p1',
    region: null,
    profile: profiles.openstack,
    ceiling: null,
    preview: () => Promise.reject(new Error('nobody plans here')),
    call({ method, path }) {
      const found = things[path] ?? 'not_found';
      if (typeof found !== 'string') return Promise.resolve({ status: 200, body: found, requestId: null, at: 0 });
      const facts = { code: null, status: 400, requestId: null, retryAfterMs: 7_000, unsent: false };
      return Promise.reject(
        new CloudError({ ...facts, kind: found, method, url: path, serviceMessage: 'not for you' }),
      );
    },
  };
}

/** `refused`: the order was sent, and answered with a 400, 404 or 409. */
async function seen(task: Task, things: Record<string, Wire | CloudErrorKind>, { refused = false } = {}) {
  const errand = newErrand(order({ title: 'x', tasks: [task], undo: [] }), 0);
  const answer = { kind: 'look' as const, at: 1, requestId: null, said: 'no' };
  const intention = refused ? { at: 1, firstAt: 1, attempt: 1, answer } : null;
  const [step] = errand.steps;
  if (!step) throw new Error('no step');
  const deps = { cloudFor: () => Promise.resolve(cloudWith(things)), now: () => 5 };
  return lookAt(errand, { ...step, intention } satisfies Step, deps);
}

const DISK = { id: 'v-1', name: 'data-1' };
const attach: Task = { kind: 'attach_disk', server: SERVER, disk: DISK };
const detach: Task = { kind: 'detach_disk', server: SERVER, disk: DISK };
const make: Task = { kind: 'make_disk', name: 'data-1', sizeGiB: 1, type: null, zone: null, correlation: 'E-1' };
const remove: Task = { kind: 'remove', thing: 'disk', it: DISK };

const here = [{ server_id: SERVER.id, device: '/dev/vdb' }];
const there = [{ server_id: 'server-2', device: '/dev/vdb' }];

function disk(status: string, attachments: unknown[] = [], more: Wire = {}): Record<string, Wire> {
  return {
    '/volumes/v-1': { volume: { id: 'v-1', name: 'data-1', status, attachments, ...more } },
    '/volumes/detail': {
      volumes: [{ id: 'v-1', name: 'data-1', status, metadata: { 'flight-deck-order': 'E-1' }, attachments }],
    },
    [`/servers/${SERVER.id}/os-volume_attachments`]: { volumeAttachments: [{ volumeId: 'v-1', device: '/dev/vdz' }] },
  };
}

describe('a disk to be attached', () => {
  it.each<[string, Record<string, Wire>, object]>([
    ['available', disk('available'), { kind: 'absent' }],
    ['reserved', disk('reserved'), { kind: 'pending', word: 'reserved' }],
    ['attaching', disk('attaching'), { kind: 'pending', word: 'attaching' }],
    [
      'in-use by the server, under the name the cloud gave',
      disk('in-use', here),
      { kind: 'ready', detail: '/dev/vdz' },
    ],
    ['in-use by another server', disk('in-use', there), { kind: 'blocked' }],
    ['shared by another server', disk('in-use', there, { multiattach: true }), { kind: 'absent' }],
    ['creating', disk('creating'), { kind: 'busy', word: 'creating' }],
    ['detaching', disk('detaching', here), { kind: 'busy', word: 'detaching' }],
    ['backing-up', disk('backing-up'), { kind: 'busy', word: 'backing-up' }],
    ['in a state nobody knows', disk('something-new'), { kind: 'busy', word: 'something-new' }],
    ['error', disk('error'), { kind: 'broken' }],
    ['error_attaching', disk('error_attaching'), { kind: 'broken' }],
    ['gone', {}, { kind: 'broken', said: 'The disk data-1 is gone: somebody deleted it meanwhile.' }],
  ])('that is %s', async (_state, things, expected) => {
    expect(await seen(attach, things)).toMatchObject(expected);
  });

  it('that somebody else has by now is told so', async () => {
    expect(await seen(attach, disk('in-use', there))).toMatchObject({
      said: 'The disk data-1 is in use by another server by now. Detach it there first, or choose another one.',
    });
  });

  it('that went into error is not to be removed: nobody knows what is on it', async () => {
    const { said } = (await seen(attach, disk('error'))) as { said: string };
    expect(said).toBe(
      'The disk data-1 is in state error, and the cloud does not say why. What is on it may still be intact: ask the cloud operators before anything else is done with it.',
    );
    expect(((await seen(detach, disk('error_detaching', here))) as { said: string }).said).not.toMatch(/remove it/i);
  });
});

describe('a disk to be detached', () => {
  it.each<[string, Record<string, Wire>, object]>([
    ['in-use by the server', disk('in-use', here), { kind: 'absent' }],
    ['detaching', disk('detaching', here), { kind: 'pending', word: 'detaching' }],
    ['available', disk('available'), { kind: 'ready' }],
    ['in-use by another server by now', disk('in-use', there), { kind: 'ready' }],
    ['gone', {}, { kind: 'ready' }],
    ['error_detaching', disk('error_detaching', here), { kind: 'broken' }],
    ['backing-up', disk('backing-up', here), { kind: 'busy', word: 'backing-up' }],
  ])('that is %s', async (_state, things, expected) => {
    expect(await seen(detach, things)).toMatchObject(expected);
  });
});

describe('a new disk', () => {
  it.each<[string, Record<string, Wire>, object]>([
    ['creating', disk('creating'), { kind: 'pending', id: 'v-1', word: 'creating' }],
    ['downloading', disk('downloading'), { kind: 'pending', word: 'downloading' }],
    ['available', disk('available'), { kind: 'ready', id: 'v-1' }],
    ['error', disk('error'), { kind: 'broken', id: 'v-1', said: expect.stringContaining('Remove it and try again') }],
    ['not listed', { '/volumes/detail': { volumes: [] } }, { kind: 'absent' }],
  ])('that is %s', async (_state, things, expected) => {
    expect(await seen(make, things)).toMatchObject(expected);
  });
});

describe('a disk to be removed', () => {
  it.each<[string, Record<string, Wire>, object]>([
    ['available', disk('available'), { kind: 'absent' }],
    ['error', disk('error'), { kind: 'absent' }],
    ['deleting', disk('deleting'), { kind: 'pending', word: 'deleting' }],
    ['in-use', disk('in-use', there), { kind: 'busy', word: 'in-use' }],
    [
      'error_deleting',
      disk('error_deleting'),
      { kind: 'broken', said: expect.stringContaining('could not delete the disk data-1') },
    ],
    ['gone', {}, { kind: 'ready' }],
  ])('that is %s', async (_state, things, expected) => {
    expect(await seen(remove, things)).toMatchObject(expected);
  });

  it('and cannot be, is not told to be removed', async () => {
    expect(((await seen(remove, disk('error_deleting'))) as { said: string }).said).not.toMatch(/remove it/i);
  });
});

describe('a server that refused a disk', () => {
  const server = (fields: Wire) => ({
    ...disk('available'),
    [`/servers/${SERVER.id}`]: { server: { id: SERVER.id, name: 'web-1', status: 'ACTIVE', ...fields } },
  });

  it.each<[string, Record<string, Wire>, object]>([
    [
      'has a task of somebody else',
      server({ 'OS-EXT-STS:task_state': 'rebuilding' }),
      { kind: 'busy', word: 'rebuilding' },
    ],
    [
      'is locked',
      server({ locked: true }),
      {
        kind: 'blocked',
        said: 'web-1 is locked, so nothing can be attached or detached. Have it unlocked, then try again.',
      },
    ],
    [
      'waits for a confirmation',
      server({ status: 'VERIFY_RESIZE' }),
      {
        kind: 'blocked',
        said: 'web-1 is VERIFY_RESIZE, and in that state the cloud attaches and detaches nothing. Confirm or revert its resize first.',
      },
    ],
    ['is in ERROR', server({ status: 'ERROR' }), { kind: 'blocked', said: expect.stringContaining('web-1 is ERROR') }],
    [
      'is gone',
      disk('available'),
      { kind: 'blocked', said: 'The server web-1 is gone: somebody deleted it meanwhile.' },
    ],
    ['runs', server({}), { kind: 'absent' }],
    ['is shut off', server({ status: 'SHUTOFF' }), { kind: 'absent' }],
    ['is paused', server({ status: 'PAUSED' }), { kind: 'absent' }],
  ])('because it %s', async (_why, things, expected) => {
    expect(await seen(attach, things, { refused: true })).toMatchObject(expected);
    expect(await seen(attach, things)).toMatchObject({ kind: 'absent' });
  });
});

describe('a NIC', () => {
  const port = { id: 'port-1', name: 'spare' };
  const plug: Task = { kind: 'attach_port', server: SERVER, port };
  const unplug: Task = { kind: 'detach_port', server: SERVER, port };
  const has = (state: string) => ({
    [`/servers/${SERVER.id}/os-interface`]: {
      interfaceAttachments: [{ port_id: 'port-1', port_state: state, fixed_ips: [{ ip_address: '10.1.0.5' }] }],
    },
  });
  const hasNot = { [`/servers/${SERVER.id}/os-interface`]: { interfaceAttachments: [] } };
  const alone = (device_id: string) => ({
    '/ports/port-1': { port: { id: 'port-1', network_id: 'n-1', status: 'DOWN', device_id } },
  });

  it.each<[string, Task, Record<string, Wire>, object]>([
    ['that the server has is attached', plug, has('ACTIVE'), { kind: 'ready', detail: '10.1.0.5' }],
    ['that is not up yet is attached all the same', plug, has('DOWN'), { kind: 'ready' }],
    ['that is broken is told as broken', plug, has('ERROR'), { kind: 'broken' }],
    ['that is free is to be attached', plug, { ...hasNot, ...alone('') }, { kind: 'absent' }],
    ['that the server does not show yet', plug, { ...hasNot, ...alone(SERVER.id) }, { kind: 'pending', word: 'DOWN' }],
    [
      'that another server has by now',
      plug,
      { ...hasNot, ...alone('server-2') },
      { kind: 'blocked', said: expect.stringContaining('The port spare is in use by another server by now.') },
    ],
    ['that is gone', plug, hasNot, { kind: 'broken', said: 'The port spare is gone: somebody deleted it meanwhile.' }],
    ['that the server has is to be detached', unplug, has('ACTIVE'), { kind: 'absent' }],
    ['that the server has not is detached', unplug, hasNot, { kind: 'ready' }],
  ])('%s', async (...row) => {
    const [, task, things, expected] = row;
    expect(await seen(task, things)).toMatchObject(expected);
  });
});

describe('a cloud that does not show it', () => {
  it.each<[CloudErrorKind, object]>([
    ['unauthorized', { kind: 'signed_out' }],
    ['unavailable', { kind: 'away', away: 'cloud', retryAfterMs: 7_000 }],
    ['timeout', { kind: 'away' }],
    ['throttled', { kind: 'away' }],
    [
      'forbidden',
      { kind: 'blocked', said: expect.stringContaining('does not let you look at how it goes: “not for you”') },
    ],
  ])('and says %s', async (kind, expected) => {
    expect(await seen(attach, { '/volumes/v-1': kind })).toMatchObject({ at: 5, ...expected });
  });

  it('because nobody can be let in is not to blame for it', async () => {
    const errand = newErrand(order({ title: 'x', tasks: [attach], undo: [] }), 0);
    const [step] = errand.steps;
    if (!step) throw new Error('no step');
    const away = new UserError('unavailable', 'The identity provider does not answer.');
    const sight = await lookAt(errand, step, { cloudFor: () => Promise.reject(away), now: () => 5 });
    expect(sight).toMatchObject({ kind: 'away', away: 'provider' });
    const move = advance(errand, sight, 5);
    const card = move.do === 'rest' ? JSON.stringify(cards(move.errand, { slash: '/ecs' })) : '';
    expect(card).toContain('The identity provider does not answer, since');
  });

  it('because its person works in another region by now waits for them', async () => {
    const errand = newErrand({ ...order({ title: 'x', tasks: [attach], undo: [] }), region: 'eu-nl' }, 0);
    const [step] = errand.steps;
    if (!step) throw new Error('no step');
    const cloudFor = () => Promise.resolve(cloudWith(disk('available')));
    expect(await lookAt(errand, { ...step, by: ALICE }, { cloudFor, now: () => 5 })).toMatchObject({
      kind: 'signed_out',
    });
  });
});
