// Whether an order could work at all, told before the cloud refuses it, at the field it is about. Pure.
import type { RefusalCode } from '../errors.ts';
import { memoryWords } from '../slack/text.ts';

export type Field = 'name' | 'flavor' | 'image' | 'network' | 'key' | 'zone' | 'size' | 'type';

/** `sentence` is plain text. */
export type Problem = { field: Field; code: RefusalCode; sentence: string };

/** How much of the quota is left; null: unlimited, or the cloud does not tell. */
export type Room = {
  servers: number | null;
  cores: number | null;
  ramMiB: number | null;
  disks: number | null;
  gigabytes: number | null;
};

/** What the cloud insists on (profile.ts). */
export type Rules = { plainServerNames: boolean; largestBootDiskGiB: number | null };

export type FlavorFacts = { id: string; name: string; vcpus: number; ramMiB: number; diskGiB: number };

/** `sizeGiB`: of its content, rounded up; 0 when unknown. */
export type ImageFacts = { id: string; name: string; minDiskGiB: number; minRamMiB: number; sizeGiB: number };

/** Null: not chosen, or not known here. */
export type Facts = {
  name: string | null;
  flavor: FlavorFacts | null;
  image: ImageFacts | null;
  /** Of the disk to be made; null: none, the flavor's own is taken. */
  sizeGiB: number | null;
  room: Room;
  rules: Rules;
};

export function problemsOf(facts: Facts): Problem[] {
  return [
    nameProblem(facts),
    memoryProblem(facts),
    serverRoomProblem(facts),
    diskProblem(facts),
    diskRoomProblem(facts),
  ].filter((problem) => problem !== null);
}

/** What a disk made from this image must hold at least, in GiB. */
export function smallestDisk(image: ImageFacts | null): number {
  return Math.max(1, image?.minDiskGiB ?? 0, image?.sizeGiB ?? 0);
}

/** What the disk gets when nobody says: as much as the flavor promises, if that is enough. */
export function usualDisk({ flavor, image }: Pick<Facts, 'flavor' | 'image'>): number {
  return Math.max(smallestDisk(image), flavor?.diskGiB ?? 0);
}

const LONGEST_NAME = 255;
/** OTC and Huawei. */
const LONGEST_PLAIN_NAME = 128;

function nameProblem({ name, rules }: Facts): Problem | null {
  if (name === null) return null;
  const sentence = rules.plainServerNames ? plainNameSentence(name) : nameSentence(name);
  return sentence === null ? null : { field: 'name', code: 'bad_usage', sentence };
}

function plainNameSentence(name: string): string | null {
  if (name.length > LONGEST_PLAIN_NAME) return `A server's name has at most ${LONGEST_PLAIN_NAME} characters here.`;
  return /^[\p{L}\p{N}_.-]+$/u.test(name) ? null : "A server's name has letters, digits, _, - and . only here.";
}

function nameSentence(name: string): string | null {
  if (name === '') return 'A server needs a name.';
  if (name.length > LONGEST_NAME) return `A server's name has at most ${LONGEST_NAME} characters.`;
  if (name !== name.trim()) return "A server's name has no blanks at its ends.";
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(name) ? "A server's name has no invisible characters." : null;
}

function memoryProblem({ flavor, image }: Facts): Problem | null {
  if (!flavor || !image || flavor.ramMiB >= image.minRamMiB) return null;
  const sentence = `${image.name} needs at least ${memoryWords(image.minRamMiB)} of memory, and ${flavor.name} has ${memoryWords(flavor.ramMiB)}. Choose a larger flavor.`;
  return { field: 'flavor', code: 'unsupported', sentence };
}

function serverRoomProblem({ flavor, room }: Facts): Problem | null {
  const lacks = [
    isLess(room.servers, 1) && 'one more server (none is left)',
    flavor && isLess(room.cores, flavor.vcpus) && `${flavor.vcpus} vCPU (${left(room.cores)})`,
    flavor &&
      isLess(room.ramMiB, flavor.ramMiB) &&
      `${memoryWords(flavor.ramMiB)} of memory (${room.ramMiB === null ? '' : memoryWords(Math.max(0, room.ramMiB))} left)`,
  ].filter((part) => typeof part === 'string');
  if (lacks.length === 0) return null;
  // Of servers each is one, however small.
  const advice = isLess(room.servers, 1)
    ? 'Free some, or have it raised.'
    : 'Free some, have it raised, or choose a smaller flavor.';
  const sentence = `The project's quota has no room for ${lacks.join(' and ')}. ${advice}`;
  return { field: 'flavor', code: 'quota', sentence };
}

function diskProblem({ flavor, image, sizeGiB, rules }: Facts): Problem | null {
  if (sizeGiB === null) return ownDiskProblem(flavor, image);
  const least = smallestDisk(image);
  if (sizeGiB < least) {
    const why = image && least > 1 ? `${image.name} needs` : 'A disk has';
    return { field: 'size', code: 'unsupported', sentence: `${why} at least ${least} GiB.` };
  }
  const most = rules.largestBootDiskGiB;
  if (most === null || sizeGiB <= most) return null;
  return { field: 'size', code: 'unsupported', sentence: `A server's first disk has at most ${most} GiB here.` };
}

/** A flavor without a disk of its own (0) takes what the image needs. */
function ownDiskProblem(flavor: FlavorFacts | null, image: ImageFacts | null): Problem | null {
  if (!flavor || !image || flavor.diskGiB === 0 || flavor.diskGiB >= image.minDiskGiB) return null;
  const sentence = `${image.name} needs a disk of at least ${image.minDiskGiB} GiB, and ${flavor.name} has one of ${flavor.diskGiB} GiB. Choose a larger flavor.`;
  return { field: 'flavor', code: 'unsupported', sentence };
}

function diskRoomProblem({ sizeGiB, room }: Facts): Problem | null {
  if (sizeGiB === null) return null;
  if (isLess(room.disks, 1)) {
    return {
      field: 'size',
      code: 'quota',
      sentence: "The project's quota has no room for another disk. Free one, or have it raised.",
    };
  }
  if (!isLess(room.gigabytes, sizeGiB)) return null;
  const sentence = `The project's quota has no room for ${sizeGiB} GiB (${left(room.gigabytes)}). Take less, free some, or have it raised.`;
  return { field: 'size', code: 'quota', sentence };
}

function isLess(room: number | null, wanted: number): boolean {
  return room !== null && room < wanted;
}

function left(room: number | null): string {
  return `${Math.max(0, room ?? 0)} left`;
}
