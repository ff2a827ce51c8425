// FPGA images and what they are associated with. Success has no body; what a repeated order is told, nobody wrote down.

import type { Answer } from '../exchange.ts';
import { bodyOf, hasRole, type ServiceCall } from '../resource-service.ts';
import type { SimFpgaImage } from '../stock/model.ts';
import { ecsRefusal } from './errors.ts';

/** GET /cloudservers/fpga_image/detail */
export function getFpgaImages(call: ServiceCall): Answer {
  const own = ownImages(call);
  const id = call.exchange.query.get('fpga_image_id');
  if (id !== null) {
    const found = own.filter((image) => image.id === id);
    return { status: 200, body: { count: found.length, fpgaimages: found.map((image) => imageView(call, image)) } };
  }
  const page = pageOf(call, own);
  return { status: 200, body: { count: own.length, fpgaimages: page.map((image) => imageView(call, image)) } };
}

function ownImages({ core, projectId }: ServiceCall): SimFpgaImage[] {
  return [...core.world.stock.fpgaImages.values()].filter((image) => image.projectId === projectId);
}

/** Page and size come together or not at all. */
function pageOf<T>({ exchange }: ServiceCall, all: T[]): T[] {
  const [page, size] = [exchange.query.get('page'), exchange.query.get('size')];
  if (page === null && size === null) return all;
  const [number, length] = [Number(page), Number(size)];
  const fine = page !== null && size !== null && /^[1-9]\d*$/.test(page) && /^[1-9]\d*$/.test(size);
  if (!fine || length > 100 || number >= 65_535) throw ecsRefusal(400, 'Ecs.0005', 'The page or size is invalid.');
  return all.slice((number - 1) * length, number * length);
}

/** GET /cloudservers/fpga_image/associations: without any id nothing at all. */
export function getAssociations(call: ServiceCall): Answer {
  const { query } = call.exchange;
  const [imageId, fpgaImageId] = [query.get('image_id'), query.get('fpga_image_id')];
  if (imageId === null && fpgaImageId === null) return { status: 200, body: { associations: [] } };
  const pairs = [...call.core.world.stock.fpgaPairs].map((pair) => pair.split(' '));
  const fitting = pairs.filter(
    ([fpga, image]) => (fpgaImageId === null || fpga === fpgaImageId) && (imageId === null || image === imageId),
  );
  const byImage = Map.groupBy(fitting, ([, image]) => image);
  const associations = [...byImage].map(([image_id, found]) => {
    const ids = new Set(found.map(([fpga]) => fpga));
    const images = ownImages(call).filter(({ id }) => ids.has(id));
    return { image_id, fpgaimages: images.map((image) => imageView(call, image)) };
  });
  return { status: 200, body: { associations } };
}

/** POST /cloudservers/fpga_image/{id}/association */
export function postAssociation(call: ServiceCall, id: string): Answer {
  const { pair, imageId } = readPair(call, id);
  const { fpgaPairs, images } = call.core.world.stock;
  if (!images.has(imageId)) throw ecsRefusal(400, 'Ecs.0031', `The image ${imageId} does not exist.`);
  if (fpgaPairs.has(pair)) throw ecsRefusal(400, 'Ecs.0005', 'The images are associated already.');
  fpgaPairs.add(pair);
  return { status: 200 };
}

/** DELETE /cloudservers/fpga_image/{id}/association, with a body. */
export function deleteAssociation(call: ServiceCall, id: string): Answer {
  const { pair } = readPair(call, id);
  if (!call.core.world.stock.fpgaPairs.delete(pair)) {
    throw ecsRefusal(400, 'Ecs.0005', 'The images are not associated.');
  }
  return { status: 204 };
}

function readPair(call: ServiceCall, id: string): { pair: string; imageId: string } {
  if (call.exchange.body === '') throw ecsRefusal(400, 'Common.0002', 'The request body is empty.');
  const imageId = bodyOf(call, 'image')?.['id'];
  if (typeof imageId !== 'string') throw ecsRefusal(400, 'Ecs.0005', 'request body is illegal.');
  if (!hasRole(call, 'member')) {
    throw ecsRefusal(403, 'Pdp.0001', "Policy doesn't allow ecs:cloudServerFpgaImages:relate to be performed.");
  }
  const image = ownImages(call).find((one) => one.id === id);
  if (image === undefined) throw ecsRefusal(400, 'Ecs.0005', `The FPGA image ${id} does not exist.`);
  if (image.status !== 'active') throw ecsRefusal(400, 'Ecs.0100', `The FPGA image is ${image.status}.`);
  return { pair: `${id} ${imageId}`, imageId };
}

function imageView({ core }: ServiceCall, image: SimFpgaImage): Record<string, unknown> {
  const isAssociated = [...core.world.stock.fpgaPairs].some((pair) => pair.startsWith(`${image.id} `));
  return {
    id: image.id,
    name: image.name,
    description: '',
    status: image.status,
    size: image.sizeMB,
    // Without a zone, and with a blank where others have a T.
    createdAt: new Date(image.createdAt).toISOString().slice(0, 19).replace('T', ' '),
    protected: isAssociated,
    message: image.message,
    metadata: {},
    log_directory: '',
  };
}
