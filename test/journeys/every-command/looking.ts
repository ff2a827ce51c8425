// The commands that only look.
import { expect } from 'vitest';
import { asked } from '../steps.ts';
import {
  aServer,
  failing,
  forbidden,
  inSetting,
  looks,
  onDeck,
  type Table,
  tells,
  tellsWithoutCloud,
  told,
} from './journey.ts';

const noServer = (line: string) => tells(line, /There is no server web-7 in this project\. Near it: web-[12]/);

const VERSIONS = { method: 'GET', path: /\/compute\/(v2\.1\/?)?$/ };

export const LOOKING: Table = {
  help: {
    success: tells('help', /What you can type after \/ecs[^]*\/ecs resize Ask to give a server another flavor/),
    refusal: tells('help resise', 'I have no help on “resise”. Did you mean “help resize”?'),
    cloudError: tellsWithoutCloud('help resize', '/ecs resize web-1'),
    timeout: { cannot: 'It asks the cloud nothing: with the cloud out of reach it answers as ever, shown beside.' },
  },
  versions: looks('versions', {
    sees: 'I use microversion 2.60 for servers',
    // Some clouds keep their versions to themselves.
    refusal: onDeck(async (world) => {
      const text = await failing(world, { call: VERSIONS, fault: 403, times: 9 }, () =>
        told(world, world.alice, 'versions'),
      );
      expect(text).toMatch(/GET \/ lists:\s+• nothing: the service does not say/);
    }),
    needs: VERSIONS,
  }),
  list: looks('list', {
    sees: /servers in project demo[^]*web-1/,
    refusal: tells('list --marker gone', 'The cloud no longer knows the server gone that this page begins after'),
    needs: { path: /\/servers\/detail/ },
  }),
  show: looks('show web-1', {
    sees: 'web-1 is ACTIVE',
    refusal: noServer('show web-7'),
    needs: { method: 'GET', path: /\/servers/ },
  }),
  flavors: looks('flavors', {
    sees: /s2\.small\.1 1 vCPU/,
    refusal: noServer('flavors --for web-7'),
    needs: { path: /\/flavors\/detail/ },
  }),
  images: looks('images', {
    sees: /debian-12/,
    refusal: tells(
      'images --visibility everybody',
      '“everybody” does not work for --visibility: it takes one of public, private',
    ),
    needs: { path: /\/v2\/images/ },
  }),
  networks: looks('networks', {
    sees: 'demo-net · 10.0.0.0/16',
    refusal: forbidden('networks', { path: /\/v2\.0\/networks/ }),
    needs: { path: /\/v2\.0\/subnets/ },
  }),
  zones: looks('zones', {
    sees: 'nova servers: 🟢 available',
    refusal: forbidden('zones', { path: /\/compute\/.*os-availability-zone/ }),
    needs: { path: /\/compute\/.*os-availability-zone/ },
  }),
  limits: looks('limits', {
    sees: /Servers: \d+ of 500 used/,
    refusal: forbidden('limits', { path: /\/compute\/.*\/limits/ }),
    needs: { path: /\/volume\/.*\/limits/ },
  }),
  'keypair list': looks('keypair list', {
    sees: 'alice-key · ssh',
    refusal: forbidden('keypair list', { path: /os-keypairs/ }),
    needs: { path: /os-keypairs/ },
  }),
  'disk list': looks('disk list', {
    sees: /archive available · 20 GiB/,
    refusal: noServer('disk list web-7'),
    needs: { path: /\/volumes\/detail/ },
  }),
  'nic list': looks('nic list web-1', {
    sees: /1 NIC on web-1/,
    refusal: noServer('nic list web-7'),
    needs: { path: /os-interface/ },
  }),
  'fpga list': looks('fpga list', {
    sees: /4 FPGA images[^]*matrix-mult/,
    refusal: tells('fpga list', 'This region has no FPGA service'),
    needs: { path: /fpga_image\/detail/ },
    setting: 'fpga',
  }),
  requests: {
    success: onDeck(async (world) => {
      const server = aServer(world);
      await asked(world, { server });
      expect(await told(world, world.bob, 'requests --waiting')).toMatch(`Awaiting approval · ${server} s2.small.1`);
    }),
    // What is asked for in a project is for its members.
    refusal: inSetting('crossing', async (world) => {
      await told(world, world.alice, 'project demo');
      await asked(world);
      expect(await told(world, world.carol, 'requests')).toContain('Nobody has asked for a resize in your projects');
    }),
    cloudError: tellsWithoutCloud('requests', /request/),
    timeout: { cannot: 'It asks the cloud nothing: with the cloud out of reach it answers as ever, shown beside.' },
  },
};
