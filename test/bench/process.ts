// A program under measurement: spawned, watched through /proc, ended.
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export type Program = { file: URL; flags?: string[]; env: Record<string, string> };

export type Running = {
  /** Milliseconds of CPU used so far, by the user and by the system for it. */
  cpuMs(): number;
  rssMiB(): number;
  /** SIGTERM, and waits until it is gone. */
  stop(): Promise<void>;
};

/** The usual unit of /proc/<pid>/stat. */
const TICK_MS = 10;

/** Only PATH is inherited; its log goes nowhere, its complaints to ours. */
export function run({ file, flags = [], env }: Program): Running & { child: ChildProcess } {
  const child = spawn(process.execPath, [...flags, fileURLToPath(file)], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return {
    child,
    cpuMs: () => cpuMs(child.pid ?? 0),
    rssMiB: () => rssMiB(child.pid ?? 0),
    stop: () => end(child, 'SIGTERM'),
  };
}

export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await gone;
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: fields 14 and 15, counted behind the name's bracket. */
function cpuMs(pid: number): number {
  const fields = read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

function rssMiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(read(`/proc/${pid}/status`))?.[1]) / 1024;
}

function read(path: string): string {
  return readFileSync(path, 'utf8');
}
