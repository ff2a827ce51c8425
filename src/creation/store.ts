// Where creations are kept, and how they are found again: by what is due, and by what the cloud works on.
import type { Placement } from '../redis/record.ts';
import { type Creation, isOver } from './creation.ts';

/** Over, they stay readable for a month. */
const KEEP_MS = 30 * 24 * 60 * 60 * 1_000;

/** The cloud is building: looked at with every tick. */
export const BUILDING = 'building';
/** Waits for the requester's sign-in or region. */
export const HELD = 'held';

/** For `createRecords`: saved in one step with the creation itself. */
export function placeCreation(creation: Creation): Placement {
  const { state, note, createdAt } = creation;
  const told = creation.announced >= creation.revision;
  const held = note?.kind === 'signed_out' || note?.kind === 'other_region';
  return {
    // What people have not been shown yet is due at once, should the one who saved it die before showing it.
    due: told ? creation.due : 0,
    claims: [],
    groups: [
      { name: BUILDING, score: state === 'building' ? createdAt : null },
      { name: HELD, score: held ? createdAt : null },
    ],
    keepMs: isOver(creation) && told ? KEEP_MS : null,
  };
}
