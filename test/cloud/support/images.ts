// Images of the tests' own, made and unmade by plain calls: the bot itself only looks at them.
import { object, text } from '../../../src/openstack/json.ts';
import type { Transport } from '../../../src/openstack/transport.ts';
import type { Account, CloudUnderTest } from './cloud-under-test.ts';
import { scopedToken, type Access, type Connector } from './people.ts';

/** Whatever they are, Glance wants contents before it calls an image active. */
const CONTENTS = '\0'.repeat(1024);

type Studio = { access: Access; transport: Transport; connect: Connector; member: Account };

export function createImages(studio: Studio): Pick<CloudUnderTest, 'addImage'> {
  return {
    async addImage({ name, minDiskGiB = 0, minRamMiB = 0, empty = false }) {
      const cloud = await studio.connect(studio.member);
      const image = { name, disk_format: 'raw', container_format: 'bare', min_disk: minDiskGiB, min_ram: minRamMiB };
      const { body } = await cloud.call({ service: 'image', method: 'POST', path: '/images', body: image });
      const id = text(object(body)['id']);
      if (id === null) throw new Error('Glance made no image');
      const path = `/images/${id}`;
      if (!empty)
        await fill(studio, (await cloud.preview({ service: 'image', method: 'PUT', path: `${path}/file` })).url);
      return { id, remove: async () => void (await cloud.call({ service: 'image', method: 'DELETE', path })) };
    },
  };
}

/** PUT /v2/images/{id}/file: the one call that is not JSON. */
async function fill({ access, transport, member }: Studio, url: string): Promise<void> {
  const { value } = await scopedToken(access, member);
  const headers = { 'x-auth-token': value, 'content-type': 'application/octet-stream' };
  const signal = AbortSignal.timeout(30_000);
  const { status } = await transport.fetch(url, { method: 'PUT', headers, body: CONTENTS, signal, redirect: 'manual' });
  if (status !== 204) throw new Error(`Glance answered ${status} to the contents of an image`);
}
