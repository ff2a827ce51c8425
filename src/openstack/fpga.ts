// FPGA images of Huawei and OTC: which of them a server made from an ECS image may load. Few regions have them.
import { UserError } from '../errors.ts';
import type { Cloud, CloudAnswer, CloudRequest } from './cloud.ts';
import { CloudError, isAmbiguous, isCloudError } from './errors.ts';
import { boolean, instant, number, object, text } from './json.ts';
import { isUnknownAddress } from './native.ts';
import { segment } from './path.ts';
import { readList, toQuery } from './read.ts';

export type FpgaImage = {
  /** 32 hex digits, without dashes. */
  id: string;
  name: string;
  description: string | null;
  /** The cloud's word, lower case, e.g. `creating`, `saving`, `active`, `error`; may be one we do not know. */
  status: string;
  sizeMB: number | null;
  /** Ms since the epoch. */
  createdAt: number | null;
  /** It has an association, and cannot be deleted. */
  associated: boolean;
  /** What the cloud says about it, e.g. why it failed. Hostile text. */
  message: string | null;
};

/** The service's cap. */
const LARGEST_PAGE = 100;

/**
 * One page, counted from 1, and how many there are in all. GET /cloudservers/fpga_image/detail (ecs-api C.1). Throws
 * CloudError, and `UserError` (`unsupported`) where the region has no FPGA.
 */
export async function listFpgaImages(cloud: Cloud, page = 1): Promise<{ images: FpgaImage[]; total: number }> {
  const answer = await call(cloud, listFpgaImagesRequest({ page, size: LARGEST_PAGE }));
  const body = object(answer.body);
  const images = readList(body['fpgaimages'], parseFpgaImage);
  return { images, total: number(body['count']) ?? images.length };
}

/** 1,000 FPGA images: a service that counts wrongly must not keep us listing. */
const MOST_PAGES = 10;

const MOST_RESTARTS = 2;

/**
 * Every FPGA image, each once. Pages are counted, so one that is deleted meanwhile moves the next one out of sight: where the
 * number of all changes, the listing starts over. As `listFpgaImages`.
 */
export async function listAllFpgaImages(cloud: Cloud): Promise<FpgaImage[]> {
  for (let restarts = 0; restarts < MOST_RESTARTS; restarts += 1) {
    const { images, moved } = await listOnce(cloud);
    if (!moved) return images;
  }
  return (await listOnce(cloud)).images;
}

async function listOnce(cloud: Cloud): Promise<{ images: FpgaImage[]; moved: boolean }> {
  const found = new Map<string, FpgaImage>();
  let before: number | null = null;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const { images, total } = await listFpgaImages(cloud, page);
    for (const image of images) found.set(image.id, image);
    if (before !== null && total !== before) return { images: [...found.values()], moved: true };
    if (images.length === 0 || found.size >= total) break;
    before = total;
  }
  return { images: [...found.values()], moved: false };
}

/** Null when there is none of that id. As `listFpgaImages`. */
export async function showFpgaImage(cloud: Cloud, id: string): Promise<FpgaImage | null> {
  const answer = await call(cloud, listFpgaImagesRequest({ fpga_image_id: id }));
  return readList(object(answer.body)['fpgaimages'], parseFpgaImage).find((image) => image.id === id) ?? null;
}

/** Page and size go together, and not with an id. */
export function listFpgaImagesRequest(
  filter: { page: number; size: number } | { fpga_image_id: string },
): CloudRequest {
  return { service: 'ecs', method: 'GET', path: `${FPGA}/detail`, query: toQuery(filter) };
}

/** Which FPGA images go with which ECS image. */
export type FpgaAssociation = { imageId: string; fpgaImages: FpgaImage[] };

/** At least one of the two: with neither, the service answers an empty list. */
export type FpgaPair = { fpgaImageId: string; imageId: string };

/** GET /cloudservers/fpga_image/associations (ecs-api C.1). As `listFpgaImages`. */
export async function listFpgaAssociations(
  cloud: Cloud,
  filter: { imageId: string } | { fpgaImageId: string } | FpgaPair,
): Promise<FpgaAssociation[]> {
  const answer = await call(cloud, listFpgaAssociationsRequest(filter));
  return readList(object(answer.body)['associations'], parseAssociation);
}

export function listFpgaAssociationsRequest(filter: Partial<FpgaPair>): CloudRequest {
  const query = toQuery({ image_id: filter.imageId, fpga_image_id: filter.fpgaImageId });
  return { service: 'ecs', method: 'GET', path: `${FPGA}/associations`, query };
}

/** `changed` false: it was so already. */
export type FpgaChange = { requestId: string | null; changed: boolean };

/**
 * From now on every server made from the ECS image may load the FPGA image. POST …/{fpga image id}/association (ecs-api
 * C.1). Throws CloudError, and `UserError`: `unsupported` where the region has no FPGA, `unavailable` when the body was lost,
 * `wrong_state` while one of the two is not ready.
 */
export async function associateFpgaImage(cloud: Cloud, pair: FpgaPair): Promise<FpgaChange> {
  return change(cloud, pair, true);
}

export function associateFpgaImageRequest({ fpgaImageId, imageId }: FpgaPair): CloudRequest {
  return { service: 'ecs', method: 'POST', path: associationOf(fpgaImageId), body: { image: { id: imageId } } };
}

/** Takes that back, for servers made later. DELETE on the same path, with a body (ecs-api C.1). As `associateFpgaImage`. */
export async function disassociateFpgaImage(cloud: Cloud, pair: FpgaPair): Promise<FpgaChange> {
  return change(cloud, pair, false);
}

export function disassociateFpgaImageRequest({ fpgaImageId, imageId }: FpgaPair): CloudRequest {
  return { service: 'ecs', method: 'DELETE', path: associationOf(fpgaImageId), body: { image: { id: imageId } } };
}

/** What the service says to a pair that is so already is not documented: after any doubt the list decides. */
async function change(cloud: Cloud, pair: FpgaPair, wanted: boolean): Promise<FpgaChange> {
  const request = wanted ? associateFpgaImageRequest(pair) : disassociateFpgaImageRequest(pair);
  try {
    return { requestId: (await call(cloud, request)).requestId, changed: true };
  } catch (error) {
    const doubtful = isAmbiguous(error) || isRefused(error);
    if (!doubtful || !(error instanceof CloudError)) throw error;
    if (isUnreadSuccess(error)) return { requestId: error.requestId, changed: true };
    const found = await isAssociated(cloud, pair).catch(() => null);
    if (found !== wanted) throw inWords(error);
    return { requestId: error.requestId, changed: isAmbiguous(error) };
  }
}

/** What would otherwise be taken for a matter of a server, or of what was ordered. */
function inWords(error: CloudError): unknown {
  if (error.code === NO_BODY) return bodyDropped(error);
  return error.kind === 'conflict' ? notNow(error) : error;
}

function notNow(cause: CloudError): UserError {
  const said = cause.serviceMessage === '' ? '' : ` It said: “${cause.serviceMessage.slice(0, 300)}”`;
  const sentence = `The FPGA service does not allow this now.${said} Look at the image with “fpga list”, then try again.`;
  return new UserError('wrong_state', sentence, { cause });
}

/** The cloud got an empty body, and we never send one: proxies drop those of a DELETE. */
const NO_BODY = 'Common.0002';

function bodyDropped(cause: CloudError): UserError {
  const sentence =
    'The cloud got the call without its body, as some proxies pass it on, so nothing was changed. Have the people who run me look at what stands between me and the cloud.';
  return new UserError('unavailable', sentence, { cause });
}

/** Nothing is promised about the body of a success, so nothing in it can be wrong. */
function isUnreadSuccess({ kind, status }: CloudError): boolean {
  return kind === 'unexpected' && status !== null && status < 300;
}

function isRefused(error: unknown): boolean {
  return isCloudError(error, 'bad_request') || isCloudError(error, 'conflict') || isCloudError(error, 'not_found');
}

async function isAssociated(cloud: Cloud, pair: FpgaPair): Promise<boolean> {
  const associations = await listFpgaAssociations(cloud, pair);
  return associations.some(
    ({ imageId, fpgaImages }) => imageId === pair.imageId && fpgaImages.some(({ id }) => id === pair.fpgaImageId),
  );
}

const FPGA = '/cloudservers/fpga_image';

function associationOf(fpgaImageId: string): string {
  return `${FPGA}/${segment(fpgaImageId)}/association`;
}

/** There is no way to ask whether a region has FPGA but to try. */
async function call(cloud: Cloud, request: CloudRequest): Promise<CloudAnswer> {
  if (!cloud.profile.nativeApi) throw unsupported();
  try {
    return await cloud.call(request);
  } catch (error) {
    throw isUnknownAddress(error) ? unsupported(error) : error;
  }
}

function unsupported(cause?: unknown): UserError {
  const sentence =
    'This region has no FPGA service: only a few regions of Huawei Cloud have it. Choose another region, or ask the cloud’s operator.';
  return new UserError('unsupported', sentence, { cause });
}

function parseFpgaImage(value: unknown): FpgaImage | null {
  const wire = object(value);
  const id = text(wire['id']);
  if (id === null) return null;
  return {
    id,
    name: text(wire['name']) ?? id,
    description: text(wire['description']),
    status: text(wire['status'])?.toLowerCase() ?? 'unknown',
    sizeMB: number(wire['size']),
    // `2017-06-07 08:29:41`, in UTC without saying so.
    createdAt: instant(text(wire['createdAt'])?.replace(' ', 'T')),
    associated: boolean(wire['protected']) ?? false,
    message: text(wire['message']),
  };
}

function parseAssociation(value: unknown): FpgaAssociation | null {
  const wire = object(value);
  const imageId = text(wire['image_id']);
  return imageId === null ? null : { imageId, fpgaImages: readList(wire['fpgaimages'], parseFpgaImage) };
}
