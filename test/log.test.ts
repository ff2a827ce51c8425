// What may reach a log line, whoever made the error or the facts.
import { createServer, type AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLog } from '../src/log.ts';
import { openRedis } from '../src/redis/connection.ts';

function written(act: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  act(createLog('debug', sink));
  return lines.join('');
}

const secret = 'hunter2-hunter2';

describe('an error in the log', () => {
  it('shows what happened, where, and why', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', port: 6379 });
    const line = written((log) => log.error({ err: new TypeError('fetch failed', { cause }) }, 'failed'));
    expect(JSON.parse(line)).toMatchObject({
      err: {
        type: 'TypeError',
        message: 'fetch failed',
        stack: expect.stringContaining('log.test.ts') as string,
        cause: { message: 'connect ECONNREFUSED', code: 'ECONNREFUSED', port: 6379 },
      },
      msg: 'failed',
    });
  });

  it('shows every attempt of a connection that was tried at several addresses', () => {
    const line = written((log) =>
      log.warn({ err: new AggregateError([new Error('::1'), new Error('127.0.0.1')]) }, 'x'),
    );
    expect(JSON.parse(line)).toMatchObject({ err: { errors: [{ message: '::1' }, { message: '127.0.0.1' }] } });
  });

  it('holds nothing that a library has hung on it', () => {
    const err = Object.assign(new Error('refused'), {
      command: { name: 'hello', args: ['3', 'AUTH', 'default', secret] },
      data: { response: { access_token: secret } },
      original: Object.assign(new Error('below'), { headers: { authorization: secret } }),
      cause: { body: { id_token: secret } },
    });
    expect(written((log) => log.error({ err }, 'failed'))).not.toContain(secret);
  });

  it('holds nothing of a thing that was thrown and is no error', () => {
    const line = written((log) => log.error({ err: { body: secret } }, 'failed'));
    expect(line).not.toContain(secret);
    expect(JSON.parse(line)).toMatchObject({ err: { type: 'Object' } });
    expect(JSON.parse(written((log) => log.error({ err: undefined }, 'failed')))).toMatchObject({ msg: 'failed' });
  });

  it('ends where causes go in a circle', () => {
    const err = new Error('one');
    err.cause = new Error('two', { cause: err });
    expect(JSON.parse(written((log) => log.error({ err }, 'failed')))).toMatchObject({ err: { message: 'one' } });
  });
});

describe('facts in the log', () => {
  const names = ['token', 'x-auth-token', 'X-Subject-Token', 'idToken', 'id_token', 'access_token', 'refreshToken'];
  const others = [
    'client_secret',
    'adminPass',
    'private_key',
    'privateKey',
    'user_data',
    'Authorization',
    'response_url',
  ];

  it.each([...names, ...others])('lose a secret called %s, however deep it is', (name) => {
    const facts = { [name]: secret, a: { [name]: secret, b: { [name]: secret }, list: [{ [name]: secret }] } };
    const line = written((log) => log.info({ ...facts, [`${name}s`]: 2 }, 'facts'));
    expect(line).not.toContain(secret);
    expect(line).toContain('[redacted]');
    expect(JSON.parse(line)).toMatchObject({ [`${name}s`]: 2, msg: 'facts' });
  });

  it.each<[what: string, fact: unknown]>([
    ['without a prototype', Object.assign(Object.create(null), { token: secret }) as object],
    [
      'of a class',
      new (class Kept {
        readonly token = secret;
      })(),
    ],
    ['that is an error', Object.assign(new Error('refused'), { command: { args: ['AUTH', secret] }, token: secret })],
  ])('lose a secret in a thing %s, wherever it stands', (_what, fact) => {
    expect(written((log) => log.info({ fact, list: [fact] }, 'facts'))).not.toContain(secret);
  });

  it('keep what says itself how it is written down', () => {
    const line = written((log) => log.info({ at: new Date(0), seen: new URL('https://x.example/') }, 'facts'));
    expect(JSON.parse(line)).toMatchObject({ at: '1970-01-01T00:00:00.000Z', seen: 'https://x.example/' });
  });

  it('end where they go in a circle', () => {
    const facts: Record<string, unknown> = { name: 'web-1' };
    facts['self'] = facts;
    expect(written((log) => log.info(facts, 'facts'))).toContain('[too deep]');
  });

  it('keep what only sounds alike', () => {
    const facts = { tokens: 2, reason: 'secretive', status: 401, cloudRequestId: 'req-1' };
    expect(JSON.parse(written((log) => log.info(facts, 'facts')))).toMatchObject(facts);
  });
});

it('a Redis that refuses the password is reported without it', async () => {
  const refusal = '-WRONGPASS invalid username-password pair or user is disabled.\r\n';
  const server = createServer((socket) =>
    // One answer for each command that came.
    socket.on('data', (data) => socket.write(refusal.repeat(data.toString().match(/^\*/gm)?.length ?? 0))),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const refused = Promise.withResolvers<Error>();
  const client = openRedis(`redis://:${secret}@127.0.0.1:${port}`, refused.resolve);
  client.connect().catch(() => undefined);
  const err = await refused.promise;
  client.disconnect();
  server.close();
  expect(JSON.stringify(err)).toContain(secret);
  const line = written((log) => log.warn({ err }, 'Redis does not answer'));
  expect(line).toContain('WRONGPASS');
  expect(line).not.toContain(secret);
});
