// Every command with its four journeys, a world for each group of them; that none is missing is for the test to say.
import { ACCOUNT } from './account.ts';
import { EQUIPMENT } from './equipment.ts';
import type { Table } from './journey.ts';
import { KEYS_AND_FPGA } from './keys-and-fpga.ts';
import { LOOKING } from './looking.ts';
import { RESIZES } from './resizes.ts';
import { SERVERS } from './servers.ts';

export const GROUPS: Record<string, Table> = {
  'signing in and out': ACCOUNT,
  looking: LOOKING,
  'keys and FPGA images': KEYS_AND_FPGA,
  servers: SERVERS,
  resizes: RESIZES,
  'disks and networks': EQUIPMENT,
};
