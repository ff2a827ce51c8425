// A way to Redis that writes down what the bot sends, and can hold it back piece by piece.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { readCommands } from './resp.ts';

/** What the bot wrote to one connection at once: it waits once for all of it, so it is one round trip. */
export type Flight = { connection: number; commands: string[][] };

export type RedisTap = {
  /** As the one given, through the tap. */
  url: string;
  /** Everything written so far, oldest first. */
  flights: Flight[];
  /** From now on nothing gets through to Redis; it is written down all the same. */
  hold(): void;
  /** Lets the oldest held flight that fits through, after what waits before it on its connection. False: there is none. */
  letThrough(fits: (flight: Flight) => boolean): boolean;
  /** What was held goes on, and all that follows. */
  release(): void;
  close(): Promise<void>;
};

type Held = { flight: Flight; bytes: Buffer; redis: Socket };

export async function openRedisTap(redisUrl: string): Promise<RedisTap> {
  const behind = new URL(redisUrl);
  const target = { host: behind.hostname, port: Number(behind.port || 6379) };
  const sockets = new Set<Socket>();
  const flights: Flight[] = [];
  let held: Held[] = [];
  let isHolding = false;
  let connections = 0;

  const server = createServer((bot) => {
    const redis = connect(target);
    join(bot, redis, sockets);
    redis.on('data', (bytes) => bot.write(bytes));
    const connection = (connections += 1);
    let unread: Buffer = Buffer.alloc(0);
    bot.on('data', (bytes) => {
      const { commands, rest } = readCommands(Buffer.concat([unread, bytes]));
      unread = rest;
      const flight = { connection, commands };
      if (commands.length > 0) flights.push(flight);
      if (isHolding) held.push({ flight, bytes, redis });
      else redis.write(bytes);
    });
  });

  function pass(passing: (one: Held) => boolean): void {
    for (const { redis, bytes } of held.filter(passing)) redis.write(bytes);
    held = held.filter((one) => !passing(one));
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(redisUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    flights,
    hold: () => void (isHolding = true),
    letThrough(fits) {
      const at = held.findIndex(({ flight }) => fits(flight));
      const { connection } = held[at]?.flight ?? {};
      const passing = new Set(held.slice(0, at + 1).filter(({ flight }) => flight.connection === connection));
      pass((one) => passing.has(one));
      return at >= 0;
    },
    release() {
      isHolding = false;
      pass(() => true);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What ends one end, ends the other. */
function join(one: Socket, other: Socket, sockets: Set<Socket>): void {
  for (const [socket, peer] of [
    [one, other],
    [other, one],
  ] as const) {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      peer.destroy();
    });
  }
}
