import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { commands } from '../../src/commands/index.ts';
import { serversNamedIn } from '../../src/commands/find/named-in.ts';
import { parseServer, type Server } from '../../src/openstack/server.ts';
import { Bot, textOf } from './bot.ts';
import { WEB_1 } from './fake-cloud.ts';

type Manifest = { features: { shortcuts: { type: string; callback_id: string; name: string }[] } };
const { shortcuts } = (parse(readFileSync('manifest.yml', 'utf8')) as Manifest).features;

function server(id: string, name: string): Server {
  const made = parseServer({ id, name });
  if (!made) throw new Error('no server');
  return made;
}

describe('the shortcuts', () => {
  it('are the ones of the manifest, each of one command', () => {
    const ids = commands.flatMap((command) => Object.keys(command.shortcuts ?? {}));
    expect(ids.toSorted()).toEqual(shortcuts.map((one) => one.callback_id).toSorted());
  });

  it('open a window where there is no conversation to answer in', () => {
    for (const { type, callback_id: id } of shortcuts) {
      const shortcut = commands
        .flatMap((command) => Object.entries(command.shortcuts ?? {}))
        .find(([one]) => one === id)?.[1];
      expect(shortcut?.opens === null).toBe(type === 'message');
      expect((shortcut?.opens ?? '').length).toBeLessThanOrEqual(24);
    }
  });

  it('of an older version are answered with a sentence', async () => {
    const bot = new Bot();
    const asked = {
      ...bot.typed(''),
      kind: 'shortcut' as const,
      callbackId: 'constructor',
      channelId: null,
      responseUrl: null,
      text: null,
    };
    await expect(bot.run(asked)).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('repeat as the line they stand for', async () => {
    const bot = new Bot();
    const asked = {
      ...bot.typed(''),
      kind: 'shortcut' as const,
      callbackId: 'show_named_server',
      text: 'is &lt;web-1&gt; up?',
    };
    expect(textOf(await bot.run(asked))).toContain(`Again: \`/ecs show ${WEB_1}\``);
  });
});

describe('the servers a message names', () => {
  const SERVERS = [
    server('id-1', 'web-1'),
    server('id-10', 'web-10'),
    server('id-s', 'web server'),
    server('id-g', 'Größe-サーバ'),
    server('id-r', 'a.b(c)*'),
    server('id-n', ''),
  ];

  it.each<[string, string[]]>([
    ['web-1 is slow', ['web-1']],
    ['web-1.', ['web-1']],
    ['`web-1`, (web-10)', ['web-10', 'web-1']],
    ['my-web-1 and web-1a and web-1.example', []],
    ['the web server is down', ['web server']],
    ['Größe-サーバ!', ['Größe-サーバ']],
    ['a.b(c)* and aXb', ['a.b(c)*']],
    ['id-n has no name', ['']],
    ['', []],
    ['web-100', []],
  ])('“%s”', (text, names) => {
    expect(serversNamedIn(text, SERVERS).map(({ name }) => name)).toEqual(names);
  });

  it('are both when two have the name', () => {
    const twins = [server('id-a', 'twin'), server('id-b', 'twin')];
    expect(serversNamedIn('twin is odd', twins)).toHaveLength(2);
  });
});
