// What is said about a disk before the cloud is asked to attach it: each of its states in words of its own.
import { describe, expect, it } from 'vitest';
import { isRoot, refuseUnlessAttachable } from '../../src/commands/disk/words.ts';
import { profiles } from '../../src/openstack/profile.ts';
import { parseServer } from '../../src/openstack/server.ts';
import type { Volume } from '../../src/openstack/volumes.ts';

const DISK: Volume = {
  id: 'v-1',
  name: 'data-1',
  status: 'available',
  sizeGiB: 10,
  type: 'SSD',
  zone: 'eu-de-01',
  bootable: false,
  encrypted: false,
  shareable: false,
  attachments: [],
  description: null,
  imageId: null,
  createdAt: null,
  updatedAt: null,
  metadata: {},
};

function serverIn(zone: string | null) {
  const server = parseServer({ id: 's-1', name: 'web-1', status: 'ACTIVE', 'OS-EXT-AZ:availability_zone': zone });
  if (!server) throw new Error('no server');
  return server;
}

type Asked = { disk?: Partial<Volume>; cloud?: keyof typeof profiles; zone?: string | null; holder?: string };

/** The refusal; null: it can be attached. */
function refusal({ disk = {}, cloud = 'openstack', zone = 'eu-de-01', holder }: Asked): unknown {
  try {
    const about = { server: serverIn(zone), profile: profiles[cloud], holder: holder ?? null };
    refuseUnlessAttachable({ ...DISK, ...disk }, about);
    return null;
  } catch (error) {
    return error;
  }
}

const elsewhere = [{ serverId: 's-2', device: '/dev/vdb', attachedAt: null }];

describe('a disk to be attached', () => {
  it.each<[status: string, sentence: string]>([
    ['creating', 'data-1 is still being made: try again when it is available.'],
    ['downloading', 'data-1 is still being made: try again when it is available.'],
    ['attaching', 'data-1 is being attached somewhere just now: look with “disk list”, and try again.'],
    ['reserved', 'data-1 is being attached somewhere just now: look with “disk list”, and try again.'],
    ['detaching', 'data-1 is being detached just now: try again in a moment.'],
    ['deleting', 'data-1 is being deleted: take another disk.'],
    ['error', 'data-1 is in state error: it cannot be used until the cloud operators have looked at it.'],
    ['error_deleting', 'data-1 is in state error_deleting: it cannot be used until'],
    ['error_extending', 'data-1 is in state error_extending: it cannot be used until'],
    ['error_rollbacking', 'data-1 is in state error_rollbacking: it cannot be used until'],
    ['backing-up', 'data-1 is backing-up: it can be attached when it is available.'],
    ['maintenance', 'data-1 is maintenance: it can be attached when it is available.'],
    ['awaiting-transfer', 'data-1 is awaiting-transfer: it can be attached when it is available.'],
    ['something-new', 'data-1 is something-new: it can be attached when it is available.'],
  ])('that is %s is refused', (status, sentence) => {
    expect(refusal({ disk: { status } })).toMatchObject({
      code: 'wrong_state',
      message: expect.stringContaining(sentence),
    });
  });

  it('that another server has is refused with the name of that server, if it is known', () => {
    const disk = { status: 'in-use', attachments: elsewhere };
    expect(refusal({ disk, holder: 'db-1' })).toMatchObject({
      message: 'data-1 is attached to db-1: detach it there first, or choose another one.',
    });
    expect(refusal({ disk })).toMatchObject({ message: expect.stringContaining('is attached to another server') });
  });

  it('that the server has already is not attached again, and its device is named', () => {
    const attachments = [{ serverId: 's-1', device: '/dev/vdc', attachedAt: null }];
    expect(refusal({ disk: { status: 'in-use', attachments } })).toMatchObject({
      code: 'already_done',
      message: 'data-1 is attached to web-1 already as /dev/vdc.',
    });
  });

  it('that is free, or may be shared, is taken', () => {
    expect(refusal({})).toBeNull();
    expect(refusal({ disk: { status: 'in-use', attachments: elsewhere, shareable: true } })).toBeNull();
  });

  it.each(['otc', 'huawei'] as const)('of another zone is refused on %s', (cloud) => {
    expect(refusal({ cloud, zone: 'eu-de-02' })).toMatchObject({
      code: 'unsupported',
      message:
        'data-1 is in zone eu-de-01 and web-1 in eu-de-02: in this cloud a disk goes only to servers of its own zone.',
    });
    expect(refusal({ cloud })).toBeNull();
  });

  it('of another zone is left to the cloud where zones of disks and servers are not the same', () => {
    expect(refusal({ zone: 'nova-2' })).toBeNull();
    expect(refusal({ cloud: 'otc', zone: null })).toBeNull();
  });
});

describe('the disk that a server boots from', () => {
  it.each([
    ['/dev/vda', null, true],
    ['/dev/sda', null, true],
    ['/dev/xvda', null, true],
    ['/dev/vdb', null, false],
    [null, null, false],
    ['/dev/vda', 'image-1', false],
  ])('is %s where the image is %s: %s', (device, imageId, root) => {
    expect(isRoot({ imageId }, { device })).toBe(root);
  });
});
