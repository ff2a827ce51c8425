// Many resizes that wait for the cloud, made from one that really does: going the whole way a thousand times would take minutes.
import { randomUUID } from 'node:crypto';
import { openRedis } from '../../src/redis/connection.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { createRecords, type RecordStore } from '../../src/redis/record.ts';
import type { ResizeRequest } from '../../src/resize/request.ts';
import { MOVING, placeRequest } from '../../src/resize/store.ts';
import type { CloudSimulator } from '../simulators/cloud/cloud-simulator.ts';
import type { SimServer } from '../simulators/cloud/model.ts';
import { until } from '../support/until.ts';

type Where = { redisUrl: string; prefix: string; cloud: CloudSimulator };

export type ManyWaiting = {
  records: RecordStore<ResizeRequest>;
  /** Of the servers that were added. */
  names: string[];
  close(): void;
};

/** `count` more requests like the only one, for servers of their own that are just where its server is. */
export async function manyWaiting({ redisUrl, prefix, cloud }: Where, count: number): Promise<ManyWaiting> {
  const client = openRedis(redisUrl, () => undefined);
  const keys = createKeys(prefix);
  const records = createRecords<ResizeRequest>({ redis: client, keys, kind: 'resize', place: placeRequest });
  const request = await onlyMoving(records);
  const names = Array.from({ length: count }, (_, n) => `many-${n}`);
  await Promise.all(
    names.map(async (name) => {
      const server = cloud.addServer({ name, project: 'demo', flavor: request.plan.from.name, user: 'alice' });
      cloud.operator.set(name, condition(cloud.server(request.plan.server.id)));
      const [id, plan] = [idFor(name), { ...request.plan, hash: randomUUID(), server: { id: server.id, name } }];
      await records.create(id, { ...request, id, plan });
    }),
  );
  return { records, names, close: () => client.disconnect() };
}

/** The id of the request for this server. */
export function idFor(name: string): string {
  return `R-${name.toUpperCase()}`;
}

/** What of a server is where it stands, for another one to stand there too. */
export function condition(server: SimServer): Partial<SimServer> {
  const { vmState, taskState, powerState, flavorId, oldFlavorId, oldVmState, migration, actions } = server;
  const shown = { vmState, taskState, powerState, flavorId, oldFlavorId, oldVmState, migration };
  return { ...shown, actions: structuredClone(actions) };
}

/** Once the cloud has taken its last call. */
async function onlyMoving(records: RecordStore<ResizeRequest>): Promise<ResizeRequest> {
  const request = await until(async () => {
    const moving = await records.many(await records.members(MOVING));
    return moving.find(({ intention }) => intention?.answer?.kind === 'accepted');
  }, 'a request that waits for the cloud');
  return request;
}
