// The cloud edge, configured: one transport, one version memory, connections per person and project.
import { createCloudSide } from '../auth/cloud-side.ts';
import { connectCloud, type TokenSource } from '../openstack/client.ts';
import { createHttp, type HttpEvent } from '../openstack/http.ts';
import { profiles } from '../openstack/profile.ts';
import { createTransport } from '../openstack/transport.ts';
import { createVersions } from '../openstack/versions.ts';
import type { Base } from './base.ts';

export type CloudParts = ReturnType<typeof buildCloud>;

export function buildCloud({ config, log, now, metrics, pause, limit }: Base) {
  const { cloud, allowHttp } = config;
  const profile = profiles[cloud.profile];
  const transport = createTransport({ caCertificate: cloud.caCert });
  const observe = (event: HttpEvent) => {
    const status = String(event.status ?? event.error);
    metrics.cloudCalls.observe({ method: event.method, status }, event.ms / 1_000);
    log.debug(event, 'cloud call');
  };
  const time = { now, delay: pause, limit };
  const http = createHttp({ ...time, fetch: transport.fetch, random: Math.random, allowHttp, observe });
  const versions = createVersions(http, now);
  const shared = { http, profile, versions, interface: cloud.interface, ceiling: cloud.computeCeiling };
  return {
    close: () => transport.close(),
    side: createCloudSide({
      service: { http, authUrl: cloud.authUrl },
      profile,
      identityProvider: cloud.identityProvider ?? '',
      protocol: cloud.protocol,
      interface: cloud.interface,
    }),
    connect: (to: { projectId: string; region: string | null; tokens: TokenSource }) =>
      connectCloud({ ...shared, ...to, overrides: cloud.endpoints }),
  };
}
