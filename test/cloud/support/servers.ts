// Servers on a real cloud, made for the tests by the plain calls of the compute, image and network services.
import type { Cloud } from '../../../src/openstack/cloud.ts';
import { boolean, list, object, text } from '../../../src/openstack/json.ts';
import type { Account, CloudUnderTest } from './cloud-under-test.ts';
import type { CloudEnvironment } from './environment.ts';
import type { Connector } from './people.ts';

type Stock = { env: CloudEnvironment; connect: Connector; member: Account };

export async function createServers(stock: Stock): Promise<Pick<CloudUnderTest, 'addServer' | 'image' | 'network'>> {
  const { env, connect, member } = stock;
  const own = await connect(member);
  const image = env.image ?? (await firstImage(own));
  const network = env.network ?? (await firstNetwork(own));
  return {
    image,
    network: network === null ? { missing: 'the project has no network (CLOUD_TEST_NETWORK)' } : { given: network },
    async addServer({ name, flavor, project, tags }) {
      const cloud = await connect(member, { project });
      // The one that is named is the member's own project's.
      const there = project === member.project ? network : await firstNetwork(cloud);
      const networks = there === null ? 'none' : [{ uuid: there }];
      // 2.37: `none` for networks; 2.52: tags.
      const answer = await cloud.call({
        service: 'compute',
        method: 'POST',
        path: '/servers',
        body: {
          server: { name, flavorRef: flavor, imageRef: image, networks, tags, return_reservation_id: true },
        },
        microversion: { least: '2.52', most: '2.60' },
      });
      const reservationId = text(object(answer.body)['reservation_id']) ?? '';
      return { id: await idOf(cloud, reservationId), reservationId };
    },
  };
}

/** Nova answers with the reservation or with the id, never with both. */
async function idOf(cloud: Cloud, reservationId: string): Promise<string> {
  const query: [string, string][] = [['reservation_id', reservationId]];
  const answer = await cloud.call({ service: 'compute', method: 'GET', path: '/servers', query });
  const found = list(object(answer.body)['servers']).map((server) => text(object(server)['id']));
  const [id] = found;
  if (id === undefined || id === null || found.length > 1) throw new Error(`${found.length} servers of a reservation`);
  return id;
}

async function firstImage(cloud: Cloud): Promise<string> {
  const query: [string, string][] = [['status', 'active']];
  const { body } = await cloud.call({ service: 'image', method: 'GET', path: '/images', query });
  const image = text(object(list(object(body)['images'])[0])['id']);
  if (image === null) throw new Error('no image to boot from (CLOUD_TEST_IMAGE)');
  return image;
}

/** The oldest of the project's own: nobody else's addresses are used up, and no other test takes it away. */
async function firstNetwork(cloud: Cloud): Promise<string | null> {
  const { body } = await cloud.call({ service: 'network', method: 'GET', path: '/networks' });
  const [oldest] = list(object(body)['networks'])
    .map(object)
    .filter((network) => boolean(network['router:external']) !== true && network['project_id'] === cloud.projectId)
    .filter((network) => list(network['subnets']).length > 0)
    .toSorted((one, other) => String(one['created_at']).localeCompare(String(other['created_at'])));
  return text(oldest?.['id']);
}
