// `npm run demo` as somebody starts it: a process with its own process group, as a terminal gives it one, so that Ctrl-C
// reaches everything in it.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/redis.ts';
import { until } from '../support/until.ts';

const MAIN = fileURLToPath(new URL('../demo/main.ts', import.meta.url));
const UP_WITHIN_MS = 30_000;
const DOWN_WITHIN_MS = 15_000;

export type Demo = {
  /** What it printed as the address of its page. */
  url: string;
  /** Process ids of it and of everything it has started, as far as this machine can tell. */
  processes(): number[];
  /** Ctrl-C; resolves with its exit code. */
  interrupt(): Promise<number | null>;
  /** Whether any process of its group lives. */
  isAlive(): boolean;
  /** Everything it has printed. */
  printed(): string;
};

/** `pace`: how long the simulated cloud takes for its changes; 1 is what people watch. */
export async function startDemo({ pace }: { pace: number }): Promise<Demo> {
  const env = { ...process.env, DEMO_PORT: String(await freePort()), DEMO_PACE: String(pace) };
  const child = spawn(process.execPath, [MAIN], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => lines.push(data.toString()));
  const printed = () => lines.join('');
  const pid = child.pid ?? 0;
  const address = () => {
    if (child.exitCode !== null) throw new Error(`the demo ended with ${child.exitCode}:\n${printed()}`);
    return /http:\/\/127\.0\.0\.1:\d+\//.exec(printed())?.[0];
  };
  const url = await until(address, 'the demo to print its address', UP_WITHIN_MS);
  return {
    url,
    processes: () => [pid, ...descendants(pid)],
    interrupt: () => interrupt(child),
    isAlive: () => isRunning(-pid),
    printed,
  };
}

async function interrupt(child: ChildProcess): Promise<number | null> {
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  if (!ended()) process.kill(-(child.pid ?? 0), 'SIGINT');
  await until(ended, 'the demo to end after Ctrl-C', DOWN_WITHIN_MS).catch((error: unknown) => {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    throw error;
  });
  return child.exitCode;
}

/** A negative id is a process group. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** From /proc; where there is none (macOS), the process group alone has to tell. */
function descendants(pid: number): number[] {
  if (!existsSync('/proc/self/stat')) return [];
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const children = ids.map(Number).filter((id) => parentOf(id) === pid);
  return children.flatMap((id) => [id, ...descendants(id)]);
}

function parentOf(pid: number): number | null {
  try {
    // "pid (name) state parent …", and the name may hold anything.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}
