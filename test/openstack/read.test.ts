// Lists of all kinds over all their pages, while what is in them comes and goes.
import nock from 'nock';
import { describe, expect, test } from 'vitest';
import type { Cloud } from '../../src/openstack/cloud.ts';
import { listAllFlavors } from '../../src/openstack/flavors.ts';
import { listImages } from '../../src/openstack/images.ts';
import { listNetworks } from '../../src/openstack/networks.ts';
import { readAllPages, type Page } from '../../src/openstack/read.ts';
import { listVolumes } from '../../src/openstack/volumes.ts';
import { CLOUD, connect, IMAGE, NETWORK, thrown, useNock, VOLUME } from './edge.ts';

useNock();

type Kind = {
  what: string;
  path: string;
  name: string;
  /** What the service says when the marker is gone. */
  gone: { status: number; body: nock.Body };
  all(cloud: Cloud): Promise<{ id: string }[]>;
};

function over(
  list: (cloud: Cloud, filter: { marker?: string }) => Promise<Page<{ id: string }>>,
): (cloud: Cloud) => Promise<{ id: string }[]> {
  return async (cloud) => readAllPages(async (marker) => list(cloud, marker === undefined ? {} : { marker }));
}

const kinds: Kind[] = [
  {
    what: 'flavors',
    path: '/v2.1/flavors/detail',
    name: 'flavors',
    gone: { status: 400, body: { badRequest: { code: 400, message: 'marker [b] not found' } } },
    all: listAllFlavors,
  },
  {
    what: 'disks',
    path: `${VOLUME}/volumes/detail`,
    name: 'volumes',
    gone: { status: 404, body: { itemNotFound: { code: 404, message: 'Volume b could not be found.' } } },
    all: over(listVolumes),
  },
  {
    what: 'images',
    path: `${IMAGE}/images`,
    name: 'images',
    gone: { status: 400, body: '<html><body>400 Bad Request: marker</body></html>' },
    all: over(listImages),
  },
  {
    what: 'networks',
    path: `${NETWORK}/networks`,
    name: 'networks',
    gone: { status: 404, body: { NeutronError: { type: 'MarkerNotFound', message: 'No b.', detail: '' } } },
    all: over(listNetworks),
  },
];

/** Answers one page's call. `next`: in every way in which services write that there is more. */
function answers({ path, name }: Kind, marker: string | null, { ids, more }: { ids: string[]; more: boolean }): void {
  const next = { [`${name}_links`]: [{ rel: 'next', href: 'https://None/' }], next: '/nowhere' };
  const items = ids.map((id) => ({ id, name: id, status: 'active', size: 1 }));
  nock(CLOUD)
    .get(path)
    .query((query) => (query['marker'] ?? null) === marker)
    .reply(200, { [name]: items, ...(more && next) });
}

function isGone({ path, gone }: Kind, marker: string): void {
  nock(CLOUD)
    .get(path)
    .query((query) => query['marker'] === marker)
    .reply(gone.status, gone.body);
}

function cloudFor({ path }: Kind): Cloud {
  if (path.startsWith('/v2.1')) nock(CLOUD).get('/v2.1/').optionally().reply(404, '');
  nock(CLOUD).get('/volume/v3/').optionally().reply(404, '');
  return connect();
}

describe.each(kinds)('all $what', (kind) => {
  test('are listed to the empty last page, each once', async () => {
    answers(kind, null, { ids: ['a', 'b'], more: true });
    answers(kind, 'b', { ids: ['a', 'c'], more: true });
    answers(kind, 'c', { ids: [], more: false });
    expect((await kind.all(cloudFor(kind))).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  test('are listed anew when the one is deleted that a page was to begin after', async () => {
    answers(kind, null, { ids: ['a', 'b'], more: true });
    isGone(kind, 'b');
    answers(kind, null, { ids: ['a', 'c'], more: false });
    expect((await kind.all(cloudFor(kind))).map(({ id }) => id)).toEqual(['a', 'c']);
  });

  test('cannot be listed where they never stay', async () => {
    for (let round = 0; round < 3; round += 1) {
      answers(kind, null, { ids: ['a', 'b'], more: true });
      isGone(kind, 'b');
    }
    expect(await thrown(kind.all(cloudFor(kind)))).toMatchObject({ status: kind.gone.status });
  });
});

test('a refusal that has nothing to do with pages is no reason to list anew', async () => {
  nock(CLOUD).get(`${VOLUME}/volumes/detail`).query(true).reply(400, '');
  nock(CLOUD).get('/volume/v3/').optionally().reply(404, '');
  expect(await thrown(over(listVolumes)(connect()))).toMatchObject({ kind: 'bad_request' });
});
