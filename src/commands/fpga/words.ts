// FPGA images and ECS images by name, and how they look in an answer.
import { UserError } from '../../errors.ts';
import type { Cloud } from '../../openstack/cloud.ts';
import type { FpgaImage } from '../../openstack/fpga.ts';
import { type Image, listImages } from '../../openstack/images.ts';
import { readAllPages } from '../../openstack/read.ts';
import { truncate } from '../../slack/limits.ts';
import { dateTime, escapeMrkdwn } from '../../slack/text.ts';
import { findNamed } from '../find/named.ts';
import { nameCode, shortName } from '../server/words.ts';

export { listAllFpgaImages as allFpgaImages } from '../../openstack/fpga.ts';

export async function allImages(cloud: Cloud): Promise<Image[]> {
  return readAllPages((marker) => listImages(cloud, marker === undefined ? {} : { marker }));
}

/** Throws UserError: `not_found`, `ambiguous`; `wrong_state` unless it is active. */
export function usableFpgaImage(all: readonly FpgaImage[], wanted: string): FpgaImage {
  const found = findNamed(all, wanted, { one: 'FPGA image', list: 'fpga list' });
  if (found.status === 'active') return found;
  const said = found.message === null ? '' : ` The cloud says: “${found.message.slice(0, 200)}”`;
  const advice = found.status === 'error' ? 'Register it again.' : 'Try again when it is active.';
  throw new UserError('wrong_state', `The FPGA image ${found.name} is ${found.status}. ${advice}${said}`);
}

/** Throws UserError: `not_found`, `ambiguous`. */
export function ecsImage(all: readonly Image[], wanted: string): Image {
  return findNamed(all, wanted, { one: 'image', list: 'images' });
}

const LIGHTS: Record<string, string> = { active: '🟢', error: '🔴' };

export function fpgaLine(image: FpgaImage, associated: string | null): string {
  const parts = [
    `${LIGHTS[image.status] ?? '🟡'} ${nameCode(image.name)} ${escapeMrkdwn(shortName(image.status))}`,
    image.sizeMB === null ? null : `${image.sizeMB} MB`,
    image.createdAt === null ? null : dateTime(image.createdAt),
    associated,
    image.message === null ? null : escapeMrkdwn(truncate(image.message, 200)),
    nameCode(image.id),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}
