// What `show` tells of a server beyond what the server itself says: its image, disks, NICs, and what was done to it.
import type { KnownBlock } from '@slack/types';
import { unreachable, UserError } from '../../errors.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import { isCloudError } from '../../openstack/errors.ts';
import { type Image, showImage } from '../../openstack/images.ts';
import { listServerActions, type ServerAction } from '../../openstack/server-actions.ts';
import type { Server } from '../../openstack/server.ts';
import { section } from '../../slack/blocks.ts';
import { dateTime, escapeMrkdwn } from '../../slack/text.ts';
import { nicLine } from '../find/network.ts';
import { disksOf, type ServerDisk, serverDiskLine } from './disks.ts';
import { nicsOf, type ServerNics } from './nics.ts';
import { nameCode, shortName } from './words.ts';

/** One part that cannot be had leaves the others: `said` is why, in words. */
type Told<T> = { kind: 'told'; value: T } | { kind: 'untold'; said: string };

export type Details = {
  image: Told<Image> | null;
  disks: Told<ServerDisk[]>;
  nics: Told<ServerNics>;
  actions: Told<ServerAction[]>;
};

/** At most six cloud requests, all at once. */
export async function readDetails(cloud: Cloud, server: Server): Promise<Details> {
  const [image, disks, nics, actions] = await Promise.all([
    server.imageId === null ? null : tell(showImage(cloud, server.imageId)),
    tell(disksOf(cloud, server)),
    tell(nicsOf(cloud, server)),
    tell(listServerActions(cloud, server.id)),
  ]);
  return { image, disks, nics, actions };
}

/** What the person may not see, what the cloud has not got, and what does not answer just now. */
async function tell<T>(asked: Promise<T>): Promise<Told<T>> {
  try {
    return { kind: 'told', value: await asked };
  } catch (error) {
    if (error instanceof UserError && error.code === 'unsupported')
      return { kind: 'untold', said: 'not in this cloud' };
    if (isCloudError(error, 'forbidden')) return { kind: 'untold', said: 'your role may not see it' };
    if (isCloudError(error, 'not_found')) return { kind: 'untold', said: 'gone' };
    if (isCloudError(error) && error.kind !== 'unauthorized')
      return { kind: 'untold', said: 'the cloud does not answer' };
    throw error;
  }
}

/** For the list of facts. */
export function imageWords({ imageId }: Server, image: Details['image']): string {
  if (imageId === null) return 'boots from a disk';
  if (image === null || image.kind === 'untold') return nameCode(imageId);
  const { name, system } = image.value;
  return `${nameCode(name)}${system === null ? '' : ` (${escapeMrkdwn(shortName(system))})`}`;
}

const MOST_LINES = 8;

export function detailBlocks(server: Server, { disks, nics, actions }: Details, you: string): KnownBlock[] {
  return [
    part('Disks', disks, (found) => found.map((disk) => serverDiskLine(server, disk))),
    part('NICs', nics, (found) => found.nics.map((nic) => nicLine(nic, found.networks))),
    part('What was done to it', actions, (found) => found.map((action) => actionLine(action, you))),
  ];
}

function part<T>(title: string, told: Told<T>, linesOf: (value: T) => string[]): KnownBlock {
  switch (told.kind) {
    case 'untold':
      return section(`*${title}*\n${told.said}`);
    case 'told': {
      const lines = linesOf(told.value);
      const more = lines.length > MOST_LINES ? [`… and ${lines.length - MOST_LINES} more`] : [];
      return section(
        [`*${title}*`, ...(lines.length === 0 ? ['none'] : lines.slice(0, MOST_LINES)), ...more].join('\n'),
      );
    }
    default:
      return unreachable(told);
  }
}

/** `resize, yesterday at 12:04, by you · failed · req-…`. `you`: the reader's id in the cloud. */
function actionLine({ action, startedAt, userId, failed, requestId }: ServerAction, you: string): string {
  const when = startedAt === null ? '' : `, ${dateTime(startedAt)}`;
  const who = userId === you ? ', by you' : '';
  return `${escapeMrkdwn(shortName(action))}${when}${who}${failed ? ' · *failed*' : ''} · ${nameCode(requestId)}`;
}
