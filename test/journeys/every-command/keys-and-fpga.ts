// Key pairs, which are a person's own, and FPGA images, which few regions have.
import { expect } from 'vitest';
import type { World } from '../../support/world.ts';
import {
  APOLOGY,
  type Calls,
  failing,
  fresh,
  inSetting,
  onDeck,
  type Row,
  type Table,
  tells,
  told,
  unanswered,
} from './journey.ts';

const MAKE = { method: 'POST', path: /os-keypairs/ };
const DROP = { method: 'DELETE', path: /os-keypairs/ };

const PUBLIC_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1aWxkIGEga2V5IHRoYXQgaXMgbm90IGEga2V5';

function keysCalled({ cloud }: World, wanted: string): number {
  return [...cloud.world.stock.keyPairs.values()].filter(({ name }) => name === wanted).length;
}

function aKey({ cloud }: World): string {
  const name = fresh('key');
  cloud.world.stock.addKeyPair({ name, user: 'alice' });
  return name;
}

async function deletes(world: World, name: string): Promise<string> {
  const { alice } = world;
  await told(world, alice, `keypair delete ${name}`);
  return (await alice.hears(() => alice.clicks('Delete it'), 'how it went')).text;
}

const KEYS: Table = {
  'keypair create': {
    success: onDeck(async (world) => {
      const name = fresh('key');
      expect(await told(world, world.alice, `keypair create ${name}`)).toContain(`Your key pair ${name} is made.`);
      expect(keysCalled(world, name)).toBe(1);
    }),
    refusal: tells('keypair create alice-key', 'You have a key pair called alice-key already.'),
    cloudError: onDeck(async (world) => {
      const name = fresh('key');
      const text = await failing(world, { call: MAKE, fault: 500 }, () =>
        told(world, world.alice, `keypair create ${name}`),
      );
      expect(text).toMatch(APOLOGY);
      expect(keysCalled(world, name)).toBe(0);
    }),
    timeout: onDeck(async (world) => {
      const name = fresh('key');
      const create = () => told(world, world.alice, `keypair create ${name}`);
      expect(await unanswered(world, { call: MAKE, done: true }, create)).toMatch(
        `The cloud made the key pair ${name}, but its private key was lost on the way, so it is of use to nobody. Delete it`,
      );
      expect(keysCalled(world, name)).toBe(1);
    }),
  },
  'keypair import': {
    success: onDeck(async (world) => {
      const name = fresh('key');
      const text = await told(world, world.alice, `keypair import ${name} ${PUBLIC_KEY}`);
      expect(text).toMatch(new RegExp(`Your key pair ${name} .*is known to the cloud`));
    }),
    refusal: tells('keypair import mine ssh-ed25519 AAAA', /key/),
    cloudError: onDeck(async (world) => {
      const name = fresh('key');
      const learn = () => told(world, world.alice, `keypair import ${name} ${PUBLIC_KEY}`);
      expect(await failing(world, { call: MAKE, fault: 500 }, learn)).toMatch(APOLOGY);
      expect(keysCalled(world, name)).toBe(0);
    }),
    timeout: onDeck(async (world) => {
      const name = fresh('key');
      const learn = () => told(world, world.alice, `keypair import ${name} ${PUBLIC_KEY}`);
      expect(await unanswered(world, { call: MAKE, done: true }, learn)).toContain(`Your key pair ${name}`);
      expect(keysCalled(world, name)).toBe(1);
    }),
  },
  'keypair delete': {
    success: onDeck(async (world) => {
      const name = aKey(world);
      expect(await deletes(world, name)).toContain(`Your key pair ${name} is deleted.`);
      expect(keysCalled(world, name)).toBe(0);
    }),
    refusal: tells('keypair delete bob-key', 'You have no key pair bob-key.'),
    cloudError: onDeck(async (world) => {
      const name = aKey(world);
      expect(await failing(world, { call: DROP, fault: 500 }, () => deletes(world, name))).toMatch(APOLOGY);
      expect(keysCalled(world, name)).toBe(1);
    }),
    timeout: onDeck(async (world) => {
      const name = aKey(world);
      const said = await unanswered(world, { call: DROP, done: true }, () => deletes(world, name));
      expect(said).toContain(`Your key pair ${name} is deleted.`);
    }),
  },
};

const ASSOCIATION = /fpga_image\/[^/]+\/association$/;

function anFpgaImage({ cloud }: World): string {
  const name = fresh('fpga');
  cloud.world.stock.addFpgaImage({ name, project: 'demo' });
  return name;
}

type Fpga = { verb: 'Associate' | 'Disassociate'; call: Calls; asksFirst: boolean };

function fpga({ verb, call, asksFirst }: Fpga): Row {
  const word = `fpga ${verb.toLowerCase()}`;
  const done = (name: string) => `${verb}d ${name} and web-golden.`;
  const begin = async (world: World): Promise<string> => {
    const name = anFpgaImage(world);
    if (!asksFirst) return name;
    await told(world, world.alice, `fpga associate ${name} web-golden`);
    // It has a button of that name, too.
    await world.alice.seesOnCard(`✅ Associated · ${name}`);
    return name;
  };
  const orders = async (world: World, name: string): Promise<string> => {
    const { alice } = world;
    const text = await told(world, alice, `${word} ${name} web-golden`);
    if (!asksFirst) return text;
    return (await alice.hears(() => alice.clicks(verb), 'how it went')).text;
  };
  return {
    success: inSetting('fpga', async (world) => {
      const name = await begin(world);
      expect(await orders(world, name)).toContain(done(name));
      await world.alice.seesOnCard(`✅ ${verb}d · ${name} and web-golden`);
    }),
    refusal: inSetting('fpga', async (world) => {
      const text = await told(world, world.alice, `${word} matrix-mul web-golden`);
      expect(text).toContain('There is no FPGA image matrix-mul in this project. Near it: matrix-mult.');
    }),
    cloudError: inSetting('fpga', async (world) => {
      const name = await begin(world);
      expect(await failing(world, { call, fault: 500 }, () => orders(world, name))).toMatch(APOLOGY);
      expect(await told(world, world.alice, 'fpga list')).toMatch(
        new RegExp(`${name} [^\n]*${asksFirst ? 'web-golden' : ''}`),
      );
    }),
    timeout: inSetting('fpga', async (world) => {
      const name = await begin(world);
      const before = world.cloud.countCalls(call);
      expect(await unanswered(world, { call, done: true }, () => orders(world, name))).toContain(done(name));
      expect(world.cloud.countCalls(call)).toBe(before + 1);
    }),
  };
}

const FPGA: Table = {
  'fpga associate': fpga({ verb: 'Associate', call: { method: 'POST', path: ASSOCIATION }, asksFirst: false }),
  'fpga disassociate': fpga({ verb: 'Disassociate', call: { method: 'DELETE', path: ASSOCIATION }, asksFirst: true }),
};

export const KEYS_AND_FPGA: Table = { ...KEYS, ...FPGA };
