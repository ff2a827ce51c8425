// A way to Redis that can be closed: what Redis being away, or hanging, looks like to the bot. Nothing in it is lost.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export type RedisGate = {
  /** As the one given, through the gate. */
  url: string;
  /** Every connection is cut and none accepted. */
  close(): void;
  /** Connections stay, and nothing passes. */
  freeze(): void;
  /** Everything passes again, what was held back included. */
  open(): void;
  end(): Promise<void>;
};

export async function openRedisGate(redisUrl: string): Promise<RedisGate> {
  const behind = new URL(redisUrl);
  const target = { host: behind.hostname, port: Number(behind.port || 6379) };
  const sockets = new Set<Socket>();
  let state: 'open' | 'closed' | 'frozen' = 'open';

  const server = createServer((client) => {
    if (state === 'closed') {
      client.destroy();
      return;
    }
    const redis = connect(target);
    pass(client, redis);
    pass(redis, client);
  });

  function pass(from: Socket, to: Socket): void {
    sockets.add(from);
    from.setNoDelay(true);
    if (state === 'frozen') from.pause();
    from.on('data', (chunk) => to.write(chunk));
    from.on('error', () => undefined);
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(redisUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    close() {
      state = 'closed';
      for (const socket of sockets) socket.destroy();
    },
    freeze() {
      state = 'frozen';
      for (const socket of sockets) socket.pause();
    },
    open() {
      state = 'open';
      for (const socket of sockets) socket.resume();
    },
    async end() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
