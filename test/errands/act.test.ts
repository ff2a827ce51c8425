// What a refused call of an errand is told as: by what was refused and why, with what to do next.
import { describe, expect, it } from 'vitest';
import { sendStep } from '../../src/errands/act.ts';
import { newErrand } from '../../src/errands/errands.ts';
import type { Task } from '../../src/errands/task.ts';
import type { Cloud } from '../../src/openstack/cloud.ts';
import { CloudError, type CloudErrorFacts } from '../../src/openstack/errors.ts';
import { profiles } from '../../src/openstack/profile.ts';
import { order, SERVER } from './house.ts';

const DISK = { id: 'v-1', name: 'data-1' };
const NET = { id: 'n-1', name: 'backend' };
const PORT = { id: 'p-1', name: 'spare' };

const TASKS: Record<Task['kind'], Task> = {
  make_disk: { kind: 'make_disk', name: 'data-1', sizeGiB: 1, type: null, zone: null, correlation: 'E-1' },
  attach_disk: { kind: 'attach_disk', server: SERVER, disk: DISK },
  detach_disk: { kind: 'detach_disk', server: SERVER, disk: DISK },
  make_network: { kind: 'make_network', name: 'backend', correlation: null },
  make_subnet: { kind: 'make_subnet', network: NET, name: 'backend', cidr: '10.1.0.0/24', correlation: null },
  make_port: { kind: 'make_port', network: NET, subnet: null, name: 'spare', address: '10.1.0.5', correlation: null },
  attach_port: { kind: 'attach_port', server: SERVER, port: PORT },
  detach_port: { kind: 'detach_port', server: SERVER, port: PORT },
  remove: { kind: 'remove', thing: 'disk', it: DISK },
};

type Refusal = Partial<CloudErrorFacts> & Pick<CloudErrorFacts, 'kind'>;

async function answerTo(task: Task, refusal: Refusal) {
  const errand = newErrand(order({ title: 'x', tasks: [task], undo: [] }), 0);
  const facts = { method: 'POST', url: 'https://cloud', status: 400, code: null, requestId: 'req-1' };
  const rest = { serviceMessage: 'said so', retryAfterMs: null, unsent: false };
  const cloud: Cloud = {
    projectId: 'p1',
    region: null,
    profile: profiles.openstack,
    ceiling: null,
    preview: () => Promise.reject(new Error('nobody plans here')),
    call: () => Promise.reject(new CloudError({ ...facts, ...rest, ...refusal })),
  };
  const [step] = errand.steps;
  if (!step) throw new Error('no step');
  const stillMine = () => Promise.resolve(true);
  const outcome = await sendStep(errand, step, { cloudFor: () => Promise.resolve(cloud), now: () => 7, stillMine });
  return outcome?.kind === 'answered' ? outcome.answer : outcome?.kind;
}

describe('a refused call', () => {
  it.each<[Task['kind'], string]>([
    ['make_disk', 'The cloud refused to create disk: “said so” Look at its type and zone, then try again.'],
    ['attach_disk', 'The cloud refused to attach disk: “said so” Look at the disk and the server, then try again.'],
    ['detach_disk', 'The cloud refused to detach disk: “said so” Look at the disk and the server, then try again.'],
    ['make_network', 'The cloud refused to create network: “said so” Take another name, or ask the cloud operators.'],
    ['make_subnet', 'The cloud refused to create subnet: “said so” Take another address range.'],
    ['make_port', 'The cloud refused to create port: “said so” Take another address, or leave it to the cloud.'],
    ['attach_port', 'The cloud refused to attach NIC: “said so” Look at the NICs of the server, then try again.'],
    ['detach_port', 'The cloud refused to detach NIC: “said so” Look at the NICs of the server, then try again.'],
    ['remove', 'The cloud refused to remove disk: “said so” Something may still use it: look at it, then try again.'],
  ])('of %s says what to do next', async (kind, said) => {
    expect(await answerTo(TASKS[kind], { kind: 'bad_request' })).toMatchObject({ said });
    expect(await answerTo(TASKS[kind], { kind: 'conflict', status: 409 })).toMatchObject({ said });
  });

  it.each<[Refusal, Task['kind'], string]>([
    [
      { kind: 'quota', status: 413 },
      'make_disk',
      "The project's quota does not allow to create disk: “said so” Free something, or have the quota raised.",
    ],
    [
      { kind: 'forbidden', status: 403 },
      'make_network',
      'Your role in the cloud does not allow to create network: “said so” Ask somebody who has it.',
    ],
    [
      { kind: 'forbidden', status: 403 },
      'detach_port',
      "The cloud does not allow to detach NIC: “said so” Some clouds keep a server's first NIC; if it is your role, ask somebody who has it.",
    ],
    [
      { kind: 'forbidden', status: 403, code: 'Ecs.0067' },
      'make_disk',
      'The account in the cloud is restricted, so it does not let you create disk: “said so” Ask whoever manages the account.',
    ],
  ])('with %j is over', async (refusal, task, said) => {
    expect(await answerTo(TASKS[task], refusal)).toMatchObject({ kind: 'refused', at: 7, said });
  });

  it.each<[Refusal, Task['kind'], string]>([
    [{ kind: 'conflict', status: 409 }, 'attach_disk', 'look'],
    [{ kind: 'not_found', status: 404 }, 'attach_port', 'look'],
    [{ kind: 'bad_request' }, 'detach_disk', 'look'],
    [{ kind: 'conflict', status: 409 }, 'remove', 'look'],
    [{ kind: 'bad_request' }, 'make_disk', 'refused'],
    [{ kind: 'conflict', status: 409 }, 'make_port', 'refused'],
    [{ kind: 'throttled', status: 429 }, 'attach_disk', 'later'],
    [{ kind: 'unavailable', status: 503 }, 'attach_disk', 'later'],
    [{ kind: 'unavailable', status: 500 }, 'attach_disk', 'lost'],
    [{ kind: 'unavailable', status: 504 }, 'attach_port', 'lost'],
    [{ kind: 'timeout', status: null }, 'attach_port', 'lost'],
    [{ kind: 'network', status: null, unsent: true }, 'attach_port', 'later'],
  ])('with %j to %s counts as %s', async (refusal, task, kind) => {
    expect(await answerTo(TASKS[task], refusal)).toMatchObject({ kind });
  });

  it('for want of a sign-in was certainly not made', async () => {
    expect(await answerTo(TASKS.attach_disk, { kind: 'unauthorized', status: 401 })).toBe('signed_out');
  });
});
