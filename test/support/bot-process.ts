// The bot as it runs in production: a process of its own, started from the environment, killed without warning.
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

const START = fileURLToPath(new URL('../../src/start.js', import.meta.url));

export type BotProcess = {
  pid: number;
  /** Everything it has logged so far. */
  log(): string;
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
};

/** Resolves when /readyz says so. Only PATH is inherited. */
export async function startBot(env: Record<string, string>): Promise<BotProcess> {
  const child = spawn(process.execPath, [START], {
    env: { PATH: process.env.PATH ?? '', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => lines.push(data.toString()));
  const log = () => lines.join('');
  const url = `http://127.0.0.1:${env.PORT}/readyz`;
  await until(
    async () => {
      if (child.exitCode !== null) throw new Error(`the bot ended with ${child.exitCode}:\n${log()}`);
      return (await fetch(url).catch(() => null))?.ok;
    },
    `${url} to be ready`,
    60_000,
  );
  return {
    pid: child.pid ?? 0,
    log,
    kill: async () => void (await signalled(child, 'SIGKILL')),
    stop: () => signalled(child, 'SIGTERM'),
  };
}

async function signalled(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const gone = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  child.kill(signal);
  return gone;
}
