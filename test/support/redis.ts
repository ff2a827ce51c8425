// A Redis for tests and the demo: REDIS_URL, else a redis-server of our own from the PATH, else the embedded one.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { Redis } from 'ioredis';

export type TestRedis = {
  url: string;
  kind: 'given' | 'redis-server' | 'embedded';
  pid: number | null;
  close(): Promise<void>;
};

/**
 * Starts or finds a Redis; `close` ends only what this call started. State is lost on exit. `sparedByCtrlC`: it lives until
 * `close`, or until this process exits by itself, so that whoever uses it can still finish.
 */
export async function startRedis({ sparedByCtrlC = false } = {}): Promise<TestRedis> {
  const given = process.env.REDIS_URL;
  if (given) return { url: given, kind: 'given', pid: null, close: () => Promise.resolve() };
  return hasRedisServer() ? spawnRedis(sparedByCtrlC) : embedRedis();
}

function hasRedisServer(): boolean {
  return spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;
}

async function spawnRedis(detached: boolean): Promise<TestRedis> {
  const port = await freePort();
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', options, { stdio: 'ignore', detached });
  const endToo = () => void child.kill();
  process.once('exit', endToo);
  child.once('exit', () => process.off('exit', endToo));
  const url = `redis://127.0.0.1:${port}`;
  await answers(url);
  return { url, kind: 'redis-server', pid: child.pid ?? null, close: () => end(child) };
}

async function embedRedis(): Promise<TestRedis> {
  const { Resp2Server, RedisServerState, createRedisCommandExecutor } = await import('js-redis-server/core');
  const redis = new Resp2Server({
    server: new RedisServerState({ databaseCount: 16 }),
    executor: createRedisCommandExecutor({}),
  });
  const sockets = new Set<import('node:net').Socket>();
  redis.server.on('connection', (socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    redis.server.once('error', reject);
    redis.server.listen({ port: 0, host: '127.0.0.1' }, resolve);
  });
  const { port } = redis.server.address() as AddressInfo;
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => redis.server.close(() => resolve()));
  };
  return { url: `redis://127.0.0.1:${port}`, kind: 'embedded', pid: null, close };
}

/** Below those that systems hand out by themselves (from 32768 on Linux), so that it is still free when it is used. */
export async function freePort(): Promise<number> {
  const port = randomInt(20_000, 32_000);
  const server = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (!isFree) return freePort();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(url: string): Promise<void> {
  const client = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: 250 });
  client.on('error', () => undefined);
  await client.ping();
  client.disconnect();
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}
