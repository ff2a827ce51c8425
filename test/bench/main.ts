// `npm run bench`: what the bot costs, measured, as a table for the README. Ratios are taken within this one run.
import { cpus } from 'node:os';
import { measureAcks } from './ack.ts';
import { measureChannels } from './channels.ts';
import { measureConnections } from './connections.ts';
import { table, type Figure } from './figure.ts';
import { measureLists } from './list.ts';
import { measureMemory } from './memory.ts';
import { measureWaiting } from './waiting.ts';
import { measureDemo, measureStartUp } from './start-up.ts';

const MEASUREMENTS: [name: string, measure: () => Promise<Figure[]>][] = [
  ['start-up', measureStartUp],
  ['demo', measureDemo],
  ['memory', measureMemory],
  ['acks', measureAcks],
  ['lists', measureLists],
  ['connections', measureConnections],
  ['channels', measureChannels],
  ['waiting', measureWaiting],
];

const wanted = process.argv.slice(2);
const figures: Figure[] = [];
for (const [name, measure] of MEASUREMENTS) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const from = performance.now();
  figures.push(...(await measure()));
  console.error(`${name}: measured in ${Math.round((performance.now() - from) / 1_000)} s`);
}

const today = new Date().toISOString().slice(0, 10);
console.log(`\n${table(figures)}\n`);
console.log(
  `Measured on ${today} with Node ${process.versions.node} on ${cpus().length} cores (${cpus()[0]?.model.trim()}).`,
);
process.exit(0);
