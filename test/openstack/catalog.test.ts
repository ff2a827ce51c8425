// Which address a service is found at, in catalogs as different as they come.
import { describe, expect, test } from 'vitest';
import {
  findEndpoint,
  parseCatalog,
  regionNamedBy,
  type Catalog,
  type CatalogQuery,
} from '../../src/openstack/catalog.ts';
import type { Service } from '../../src/openstack/cloud.ts';
import { recorded } from './edge.ts';

const query: CatalogQuery = {
  projectId: 'p1',
  region: 'eu-de',
  interface: 'public',
  overrides: {},
  projectInPath: false,
};

type WireEndpoint = { interface?: string; region?: string | null; region_id?: string | null; url: unknown };

function catalog(...services: [type: string, ...endpoints: WireEndpoint[]][]): Catalog {
  return parseCatalog(services.map(([type, ...endpoints]) => ({ type, name: 'x', endpoints }))) ?? [];
}

function at(url: string, region: string | null = 'eu-de'): WireEndpoint {
  return { interface: 'public', region, region_id: region, url };
}

function base(from: Catalog, service: Service, change: Partial<CatalogQuery> = {}): string {
  return findEndpoint(from, service, { ...query, ...change }).base;
}

describe('the address', () => {
  type Case = [what: string, service: Service, written: string, base: string];
  const cases: Case[] = [
    ['upstream, no project', 'compute', 'http://h:8774/v2.1', 'http://h:8774/v2.1'],
    ['upstream with a slash', 'compute', 'http://h:8774/v2.1/', 'http://h:8774/v2.1'],
    [
      'OTC, with the project',
      'compute',
      'https://ecs.eu-de.otc.example/v2.1/p1',
      'https://ecs.eu-de.otc.example/v2.1/p1',
    ],
    ['old OTC', 'compute', 'https://ecs.eu-de.otc.example/v2/p1', 'https://ecs.eu-de.otc.example/v2/p1'],
    ['DevStack’s one host', 'compute', 'https://h/compute/v2.1', 'https://h/compute/v2.1'],
    ['no version at all', 'compute', 'https://h/compute', 'https://h/compute/v2.1'],
    ['an unexpanded template', 'compute', 'https://h/v2.1/$(tenant_id)s', 'https://h/v2.1/p1'],
    ['the other template', 'compute', 'https://h/v2.1/%(project_id)s', 'https://h/v2.1/p1'],
    ['another project’s', 'compute', 'https://h/v2.1/someone-else', 'https://h/v2.1/p1'],
    [
      'irregular Swiss host',
      'compute',
      'https://ecs.eu-ch2.sc.otc.example/v2.1/p1',
      'https://ecs.eu-ch2.sc.otc.example/v2.1/p1',
    ],
    ['Cinder', 'volume', 'https://evs.example/v3/p1', 'https://evs.example/v3/p1'],
    ['Cinder without project', 'volume', 'https://evs.example/v3', 'https://evs.example/v3/p1'],
    ['Cinder, bare', 'volume', 'https://evs.example', 'https://evs.example/v3/p1'],
    ['Glance, bare', 'image', 'https://ims.example', 'https://ims.example/v2'],
    ['Glance with version', 'image', 'https://h/image/v2/', 'https://h/image/v2'],
    ['Neutron, bare', 'network', 'http://h:9696/', 'http://h:9696/v2.0'],
    ['Neutron with version', 'network', 'http://h:9696/v2.0', 'http://h:9696/v2.0'],
    ['Keystone', 'identity', 'http://h:5000/v3/', 'http://h:5000/v3'],
    ['native ECS', 'ecs', 'https://ecs.example/v1/p1', 'https://ecs.example/v1/p1'],
  ];
  const rows = cases.map(([what, service, written, expected]) => ({ what, service, written, expected }));

  test.each(rows)('$service: $what', ({ service, written, expected }) => {
    const type = service === 'volume' ? 'volumev3' : service;
    expect(base(catalog([type, at(written)]), service)).toBe(expected);
  });

  test('OTC and Huawei want the project in the path even where the catalog leaves it out', () => {
    expect(base(catalog(['compute', at('https://h/v2.1')]), 'compute', { projectInPath: true })).toBe(
      'https://h/v2.1/p1',
    );
  });

  test('discovery asks at the version, not at the project', () => {
    const found = findEndpoint(catalog(['compute', at('https://h/x/v2.1/p1/')]), 'compute', query);
    expect(found).toEqual({ version: 'https://h/x/v2.1', base: 'https://h/x/v2.1/p1' });
  });
});

describe('the choice', () => {
  test('the region wanted wins over the one for all regions, and that over none', () => {
    const all = [at('https://none/v2.1', null), at('https://star/v2.1', '*'), at('https://de/v2.1', 'eu-de')];
    expect(base(catalog(['compute', ...all]), 'compute')).toBe('https://de/v2.1');
    expect(base(catalog(['compute', ...all.slice(0, 2)]), 'compute')).toBe('https://star/v2.1');
    expect(base(catalog(['compute', ...all.slice(0, 1)]), 'compute')).toBe('https://none/v2.1');
  });

  test('another region’s service is not taken instead', () => {
    const other = catalog(['compute', at('https://nl/v2.1', 'eu-nl')]);
    expect(() => base(other, 'compute')).toThrow(/no compute service in region eu-de/);
    expect(base(other, 'compute', { region: null })).toBe('https://nl/v2.1');
  });

  test('region_id counts more than the old region', () => {
    const both = catalog([
      'compute',
      { interface: 'public', region: 'old-name', region_id: 'eu-de', url: 'https://h/v2.1' },
    ]);
    expect(base(both, 'compute')).toBe('https://h/v2.1');
  });

  test('only the interface asked for is taken', () => {
    const both = catalog([
      'compute',
      { ...at('https://internal/v2.1'), interface: 'internal' },
      at('https://public/v2.1'),
    ]);
    expect(base(both, 'compute')).toBe('https://public/v2.1');
    expect(base(both, 'compute', { interface: 'internal' })).toBe('https://internal/v2.1');
  });

  test('of two services of one type the one in the region is taken', () => {
    const two = catalog(['compute', at('https://nl/v2.1', 'eu-nl')], ['compute', at('https://de/v2.1')]);
    expect(base(two, 'compute')).toBe('https://de/v2.1');
  });

  test('volumev3 is best, then its newer name, then the older ones', () => {
    const [v3, block, v2] = [at('https://v3/v3/p1'), at('https://block/v3/p1'), at('https://v2/v2/p1')];
    expect(base(catalog(['volumev2', v2], ['block-storage', block], ['volumev3', v3]), 'volume')).toBe(
      'https://v3/v3/p1',
    );
    expect(base(catalog(['volumev2', v2], ['block-storage', block]), 'volume')).toBe('https://block/v3/p1');
    expect(base(catalog(['volumev2', v2]), 'volume')).toBe('https://v2/v2/p1');
  });

  test('a cloud without native ECS says so instead of guessing an address', () => {
    expect(() => base(catalog(['compute', at('https://h/v2.1')]), 'ecs')).toThrow(/has no ecs service/);
  });

  test.each([
    ['https://ecs.eu-de.example/v2.1/p1', 'https://ecs.eu-de.example/v1/p1'],
    ['https://ecs.eu-de.example/v2/p1/', 'https://ecs.eu-de.example/v1/p1'],
    ['https://h/ecs/v2.1', 'https://h/ecs/v1/p1'],
  ])('a native ECS that the catalog leaves out is beside Nova: %s', (nova, native) => {
    expect(base(catalog(['compute', at(nova)]), 'ecs', { nativeApi: true })).toBe(native);
  });

  test('a native ECS that the catalog names is where it says', () => {
    const named = catalog(['compute', at('https://nova/v2.1/p1')], ['ecs', at('https://named/v1/p1')]);
    expect(base(named, 'ecs', { nativeApi: true })).toBe('https://named/v1/p1');
    expect(() => base(catalog(['image', at('https://i')]), 'ecs', { nativeApi: true })).toThrow(/has no ecs service/);
  });

  test.each(['compute', 'volumev3', 'volume'])('the operator’s override for %s wins over the catalog', (name) => {
    const service = name === 'compute' ? 'compute' : 'volume';
    const listed = catalog(['compute', at('https://listed/v2.1')], ['volumev3', at('https://listed/v3')]);
    const found = base(listed, service, { overrides: { [name]: 'https://override/v9/$(tenant_id)s' } });
    expect(found).toBe('https://override/v9/p1');
  });

  test('entries that are no addresses are passed over', () => {
    const broken = catalog(['compute', at('not an address'), { interface: 'public', region_id: 'eu-de', url: null }]);
    expect(() => base(broken, 'compute')).toThrow(/no compute service/);
  });

  test('a real catalog gives every service it lists', () => {
    const real = parseCatalog((recorded('keystone-catalog') as { catalog: unknown }).catalog) ?? [];
    const found = (['compute', 'volume', 'image', 'network', 'identity'] as const).map((service) =>
      base(real, service, { region: 'RegionOne' }),
    );
    expect(found).toEqual([
      'http://127.0.0.1:8774/v2.1',
      'http://127.0.0.1:8776/v3/p1',
      'http://127.0.0.1:9292/v2',
      'http://127.0.0.1:9696/v2.0',
      'http://127.0.0.1:5000/v3',
    ]);
  });
});

describe('the region in a project’s name', () => {
  const offered = catalog(
    ['compute', at('https://de/v2.1', 'eu-de'), at('https://nl/v2.1', 'eu-nl')],
    ['image', at('https://i', 'eu-ch2')],
    ['identity', at('https://iam/v3', '*')],
  );

  test.each([
    ['eu-de', 'eu-de'],
    ['eu-nl_web', 'eu-nl'],
    ['eu-nl_Größe サーバ_2', 'eu-nl'],
    ['eu-nlweb', null],
    ['EU-DE', null],
    ['eu-ch2', null],
    ['*', null],
    ['demo_eu-de', null],
    ['', null],
  ])('of “%s” is %s', (project, region) => {
    expect(regionNamedBy(project, offered)).toBe(region);
  });
});

describe('two addresses of one service in one region', () => {
  test('are alternatives, of which the first is taken', () => {
    const twice = catalog(['compute', at('https://one/v2.1'), at('https://two/v2.1')]);
    expect(base(twice, 'compute')).toBe('https://one/v2.1');
  });

  test('are told apart by the interface, and one that cannot be read is passed over', () => {
    const twice = catalog([
      'compute',
      { ...at('https://in/v2.1'), interface: 'internal' },
      at('::'),
      at('https://out/v2.1'),
    ]);
    expect(base(twice, 'compute')).toBe('https://out/v2.1');
  });
});
