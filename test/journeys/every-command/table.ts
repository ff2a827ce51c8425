// Every command with its four journeys, a world for each group of them; that none is missing is for the test to say.
import { ACCOUNT } from './account.ts';
import { EQUIPMENT } from './equipment.ts';
import type { Table } from './journey.ts';
import { KEYS_AND_FPGA } from './keys-and-fpga.ts';
import { LOOKING } from './looking.ts';
import { RESIZES } from './resizes.ts';
import { SERVERS } from './servers.ts';

/** By the name of the test file that plays them: they wait more than they compute, so several are played at once. */
export const PARTS = {
  'every-command': { 'signing in and out': ACCOUNT, looking: LOOKING, 'keys and FPGA images': KEYS_AND_FPGA },
  'every-command-servers': { servers: SERVERS, resizes: RESIZES },
  'every-command-equipment': { 'disks and networks': EQUIPMENT },
} satisfies Record<string, Record<string, Table>>;

export type Part = keyof typeof PARTS;
