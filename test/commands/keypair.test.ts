import { describe, expect, it } from 'vitest';
import { publicKeyProblem } from '../../src/commands/keypair/public-key.ts';
import type { Reply } from '../../src/slack/reply.ts';
import { Bot, clickables, mrkdwnOf, named, textOf } from './bot.ts';
import { cloudError } from './fake-cloud.ts';
import { StockedCloud } from './stocked-cloud.ts';

const PRIVATE = '-----BEGIN RSA PRIVATE KEY-----\nMIIEsecret\n-----END RSA PRIVATE KEY-----\n';
const PUBLIC = `ssh-ed25519 ${keyBody('ssh-ed25519')} alice@laptop`;

/** The binary part of a public key: its kind behind its length, then whatever. */
function keyBody(kind: string): string {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(kind.length);
  return Buffer.concat([length, Buffer.from(kind), Buffer.alloc(36, 7)]).toString('base64');
}

function setting() {
  const cloud = new StockedCloud();
  cloud.stock['POST /os-keypairs'] = { keypair: { ...pair('demo-1'), private_key: PRIVATE } };
  return { cloud, bot: new Bot({ cloud }) };
}

function pair(name: string, publicKey = PUBLIC) {
  return { name, public_key: publicKey, fingerprint: '57:a7', type: 'ssh' };
}

function withoutRepeat(reply: Reply): string {
  return textOf(reply).replaceAll(/^Again: .*$/gm, '');
}

describe('keypair list', () => {
  it('shows name, kind and fingerprint, to the person alone', async () => {
    const reply = await setting().bot.says('keypair list');
    expect(textOf(reply)).toContain('1 key pair\n`laptop` · `aa:bb`');
    expect(clickables(reply).map(({ text }) => text)).not.toContain('Share');
  });

  it.each(['<!channel>', '`code` <@U1>', 'x'.repeat(250)])('stays harmless under the name %j', async (name) => {
    const { bot, cloud } = setting();
    cloud.stock['GET /os-keypairs'] = { keypairs: Array.from({ length: 20 }, () => ({ keypair: pair(name) })) };
    expect(mrkdwnOf(await bot.says('keypair list'))).not.toMatch(/<(?!!date)/);
  });
});

describe('keypair create', () => {
  it('answers with a link to a page, never with the key', async () => {
    const { bot } = setting();
    const reply = await bot.says('keypair create demo-1');
    expect(textOf(reply)).toContain('Your key pair `demo-1` is made. Its private key is shown *once*');
    expect(JSON.stringify(reply)).toContain('https://bot.example/secret/keypair:i-1');
    expect(JSON.stringify(reply)).not.toContain('MIIEsecret');
    expect([...bot.secrets.values()]).toEqual([PRIVATE]);
    expect(reply).toMatchObject({ audience: 'person' });
    expect(bot.posted).toEqual([]);
  });

  it('asks for the name in a form, which shows the link in its place', async () => {
    const { bot } = setting();
    const form = await bot.says('keypair create');
    expect(form).toMatchObject({ kind: 'modal', view: { callback_id: 'keypair:create' } });
    const reply = await bot.run(bot.submitted('keypair:create', { name: 'demo-1' }));
    expect(textOf(reply)).toContain('Your key pair `demo-1` is made.');
    expect(JSON.stringify(reply)).toContain('https://bot.example/secret/');
  });

  it.each([
    ['a/b', 'A key pair’s name has letters, digits, blanks, _ and - only.'],
    ['x'.repeat(256), 'A key pair’s name has 1 to 255 characters.'],
  ])('says at the field why the name %j cannot be', (name, sentence) => {
    const { bot } = setting();
    expect(bot.dispatcher.plan(bot.submitted('keypair:create', { name }))).toMatchObject({
      errors: { name: sentence },
    });
  });

  it('makes no second pair when it died after keeping the key', async () => {
    const { bot, cloud } = setting();
    const typed = bot.typed('keypair create demo-1');
    await bot.run(typed);
    const again = await bot.run(typed);
    expect(textOf(again)).toContain('Show the private key once');
    expect(cloud.asked.filter((line) => line === 'POST /os-keypairs')).toHaveLength(1);
  });

  it('says so, and offers to clean up, when it died between the cloud’s answer and keeping the key', async () => {
    const { bot, cloud } = setting();
    const typed = bot.typed('keypair create demo-1');
    bot.seen.add(`keypair:${typed.id}`);
    cloud.refused['POST /os-keypairs'] = 'conflict';
    const reply = await bot.run(typed);
    expect(withoutRepeat(reply)).toContain('its private key was lost on the way');
    expect(named(reply, 'Delete it').value).toBe('keypair delete demo-1 --yes');
  });

  it('says so when the answer was lost', async () => {
    const { bot, cloud } = setting();
    const call = cloud.call.bind(cloud);
    cloud.call = async (request) => {
      if (request.method !== 'POST') return call(request);
      cloud.stock['GET /os-keypairs/demo-1'] = { keypair: pair('demo-1') };
      throw cloudError('timeout', request);
    };
    expect(withoutRepeat(await bot.says('keypair create demo-1'))).toContain('its private key was lost on the way');
  });

  it('makes none while it cannot see whether there is an older one of that name', async () => {
    const { bot, cloud } = setting();
    cloud.refused['GET /os-keypairs/demo-1'] = 'unavailable';
    await expect(bot.says('keypair create demo-1')).rejects.toMatchObject({ kind: 'unavailable' });
    expect(cloud.asked).not.toContain('POST /os-keypairs');
  });

  it('names the pair that may be there when neither the answer nor a look at it can be had', async () => {
    const { bot, cloud } = setting();
    const call = cloud.call.bind(cloud);
    cloud.call = async (request) => {
      if (request.method !== 'POST') return call(request);
      cloud.refused['GET /os-keypairs/demo-1'] = 'timeout';
      throw cloudError('timeout', request);
    };
    const reply = await bot.says('keypair create demo-1');
    expect(textOf(reply)).toContain(
      'The cloud did not say whether it made the key pair `demo-1`, and does not let me look',
    );
    expect(named(reply, 'Delete it').value).toBe('keypair delete demo-1 --yes');
  });

  it('never takes an older pair for one that it lost the key of', async () => {
    const { bot, cloud } = setting();
    cloud.stock['GET /os-keypairs/demo-1'] = { keypair: pair('demo-1') };
    cloud.refused['POST /os-keypairs'] = 'timeout';
    await expect(bot.says('keypair create demo-1')).rejects.toMatchObject({ code: 'already_done' });
  });

  it('tells of a cloud that did not do it by throwing what it said', async () => {
    const { bot, cloud } = setting();
    cloud.refused['POST /os-keypairs'] = 'timeout';
    cloud.refused['GET /os-keypairs/demo-1'] = 'not_found';
    await expect(bot.says('keypair create demo-1')).rejects.toMatchObject({ kind: 'timeout' });
  });

  it('refuses a name that is taken', async () => {
    const { bot, cloud } = setting();
    cloud.refused['POST /os-keypairs'] = 'conflict';
    await expect(bot.says('keypair create laptop')).rejects.toMatchObject({
      code: 'already_done',
      message: 'You have a key pair called laptop already. Take another name, or delete that one first.',
    });
  });
});

describe('keypair import', () => {
  it('makes a typed key known', async () => {
    const { bot, cloud } = setting();
    cloud.stock['POST /os-keypairs'] = { keypair: pair('demo-2') };
    const reply = await bot.says(`keypair import demo-2 ${PUBLIC}`);
    expect(withoutRepeat(reply)).toContain('Your key pair `demo-2` (`57:a7`) is known to the cloud');
    expect(cloud.asked).toContain('POST /os-keypairs');
  });

  it('opens a form for the key, with the name filled in', async () => {
    const { bot } = setting();
    const form = await bot.says('keypair import demo-2');
    expect(JSON.stringify(form)).toContain('"initial_value":"demo-2"');
  });

  it('refuses a private key inside the ack, before anything is recorded', () => {
    const { bot } = setting();
    const { errors } = bot.dispatcher.plan(bot.submitted('keypair:import', { name: 'x', key: PRIVATE }));
    expect(errors?.['key']).toContain('That is a private key. It must not leave your machine');
  });

  it('counts the same key under the same name as done', async () => {
    const { bot, cloud } = setting();
    cloud.refused['POST /os-keypairs'] = 'conflict';
    cloud.stock['GET /os-keypairs/demo-2'] = { keypair: pair('demo-2', PUBLIC.replace('alice@laptop', 'else')) };
    expect(withoutRepeat(await bot.says(`keypair import demo-2 ${PUBLIC}`))).toContain('is known to the cloud');
  });

  it('refuses another key under a name that is taken', async () => {
    const { bot, cloud } = setting();
    cloud.refused['POST /os-keypairs'] = 'conflict';
    cloud.stock['GET /os-keypairs/demo-2'] = { keypair: pair('demo-2', `ssh-rsa ${keyBody('ssh-rsa')}`) };
    await expect(bot.says(`keypair import demo-2 ${PUBLIC}`)).rejects.toMatchObject({ code: 'already_done' });
  });
});

it.each([
  ['keypair:create', { name: 'laptop' }],
  ['keypair:import', { name: 'laptop', key: PUBLIC }],
])('the form %s is told at its field when the name turns out to be taken', async (form, values) => {
  const { bot, cloud } = setting();
  cloud.refused['POST /os-keypairs'] = 'conflict';
  await expect(bot.run(bot.submitted(form, values))).rejects.toMatchObject({
    code: 'already_done',
    about: 'name',
    message: expect.stringContaining('You have a key pair called laptop already.') as string,
  });
});

describe('a public key', () => {
  it.each([PUBLIC, `ssh-rsa ${keyBody('ssh-rsa')}`, `ecdsa-sha2-nistp256 ${keyBody('ecdsa-sha2-nistp256')} a b c`])(
    'is %s',
    (key) => {
      expect(publicKeyProblem(key)).toBeNull();
    },
  );

  it.each([
    [PRIVATE, 'That is a private key.'],
    ['---- BEGIN SSH2 PUBLIC KEY ----', 'I take public keys in one line'],
    ['AAAAB3Nza', 'A public key begins with its kind'],
    [`ssh-rsa ${keyBody('ssh-ed25519')}`, 'The middle of that public key is damaged'],
    ['ssh-rsa AAAA', 'The middle of that public key is damaged'],
    ['ssh-rsa not!base64', 'The middle of that public key is damaged'],
    [`ssh-rsa ${keyBody('ssh-rsa')}\nssh-rsa ${keyBody('ssh-rsa')}`, 'A public key is a single line.'],
    [`ssh-rsa ${'A'.repeat(3_000)}`, 'A public key has at most 3000 characters.'],
  ])('is not %j', (key, sentence) => {
    expect(publicKeyProblem(key)).toContain(sentence);
  });
});

describe('keypair delete', () => {
  it('asks first, then deletes', async () => {
    const { bot, cloud } = setting();
    cloud.stock['DELETE /os-keypairs/laptop'] = {};
    const question = await bot.says('keypair delete laptop');
    expect(textOf(question)).toContain('Delete your key pair `laptop` (`aa:bb`)?');
    expect(cloud.asked).not.toContain('DELETE /os-keypairs/laptop');
    const done = await bot.clicks(named(question, 'Delete it'));
    expect(textOf(done)).toContain('Your key pair `laptop` is deleted.');
    expect(cloud.asked).toContain('DELETE /os-keypairs/laptop');
  });

  it('offers a menu when nobody says which', async () => {
    const { bot } = setting();
    const menu = await bot.says('keypair delete');
    expect(textOf(await bot.clicks(named(menu, 'laptop')))).toContain('Delete your key pair `laptop`');
  });

  it('names the nearest ones for a name that is none', async () => {
    await expect(setting().bot.says('keypair delete laptpo')).rejects.toMatchObject({
      code: 'not_found',
      message: 'You have no key pair laptpo. Near it: laptop.',
    });
  });

  it('does not mind that it is gone already', async () => {
    const { bot, cloud } = setting();
    cloud.refused['DELETE /os-keypairs/laptop'] = 'not_found';
    expect(textOf(await bot.says('keypair delete laptop --yes'))).toContain('is deleted');
  });

  it('tells what the cloud said when it failed', async () => {
    const { bot, cloud } = setting();
    cloud.call = async (request) => {
      throw cloudError('unavailable', request);
    };
    await expect(bot.says('keypair delete laptop --yes')).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
