// The version documents of the compute service, which need no token.

import type { Core } from '../core.ts';
import type { Answer, Exchange } from '../exchange.ts';
import { askedVersion, echoHeaders } from './microversion.ts';

type Version = { id: string; status: string; version: string; min_version: string; updated: string; media: string };

/** Null when the address is not a version document. */
export function versionsAnswer(core: Core, exchange: Exchange): Answer | null {
  const known = knownVersions(core);
  if (exchange.path === '' || exchange.path === '/') {
    return { status: 200, body: { versions: known.map((version) => shortView(core, version)) } };
  }
  const id = /^\/(v[\d.]+)\/?$/.exec(exchange.path)?.[1];
  if (id === undefined) return null;
  const version = known.find((one) => one.id === (id === 'v2' ? 'v2.0' : id));
  if (version === undefined) return { status: 300, body: { choices: known.map((one) => choiceView(core, one)) } };
  const ids = { 'X-Openstack-Request-Id': exchange.requestId, 'X-Compute-Request-Id': exchange.requestId };
  const echo = id === 'v2' ? {} : echoHeaders(askedVersion(exchange.headers), version.version);
  return { status: 200, headers: { ...ids, ...echo }, body: { version: fullView(core, version) } };
}

function knownVersions(core: Core): Version[] {
  const max = core.settings.maxMicroversion;
  const v2 = {
    id: 'v2.0',
    status: 'SUPPORTED',
    version: '',
    min_version: '',
    updated: '2011-01-21T11:33:21Z',
    media: '2',
  };
  if (max === null) return [v2];
  return [
    v2,
    { id: 'v2.1', status: 'CURRENT', version: max, min_version: '2.1', updated: '2013-07-23T11:33:21Z', media: '2.1' },
  ];
}

function shortView(core: Core, version: Version): Record<string, unknown> {
  const { id, status, version: highest, min_version, updated } = version;
  return { id, status, version: highest, min_version, updated, links: [{ rel: 'self', href: hrefOf(core, id) }] };
}

function fullView(core: Core, version: Version): unknown {
  return {
    ...shortView(core, version),
    links: [
      { rel: 'self', href: hrefOf(core, version.id) },
      { rel: 'describedby', type: 'text/html', href: 'http://docs.openstack.org/' },
    ],
    'media-types': [
      { base: 'application/json', type: `application/vnd.openstack.compute+json;version=${version.media}` },
    ],
  };
}

function choiceView(core: Core, version: Version): unknown {
  return { id: version.id, status: version.status, links: [{ rel: 'self', href: hrefOf(core, version.id) }] };
}

function hrefOf(core: Core, id: string): string {
  return `${core.baseUrl()}/compute/${id === 'v2.0' ? 'v2' : id}/`;
}
