// The native ECS API of the commercial clouds: resize as a job, what a server can become, FPGA images.

import { gatewayRefusal } from '../compute/errors.ts';
import { resizeFlavorView, resizeTargets } from '../compute/resize-flavors.ts';
import type { Core } from '../core.ts';
import type { Answer, Exchange, Route } from '../exchange.ts';
import { resourceService, type ServiceCall } from '../resource-service.ts';
import { ecsRefusal } from './errors.ts';
import { deleteAssociation, getAssociations, getFpgaImages, postAssociation } from './fpga.ts';
import { getJob } from './jobs.ts';
import { findServer, postResize } from './resize.ts';

const FPGA = '/cloudservers/fpga_image';

const ROUTES: Route<ServiceCall>[] = [
  { method: 'POST', path: '/cloudservers/{id}/resize', handle: (call, { id = '' }) => postResize(call, id) },
  { method: 'GET', path: '/cloudservers/resize_flavors', handle: getResizeFlavors },
  { method: 'GET', path: '/jobs/{id}', handle: (call, { id = '' }) => getJob(call, id) },
];

const FPGA_ROUTES: Route<ServiceCall>[] = [
  { method: 'GET', path: `${FPGA}/detail`, handle: getFpgaImages },
  { method: 'GET', path: `${FPGA}/associations`, handle: getAssociations },
  { method: 'POST', path: `${FPGA}/{id}/association`, handle: (call, { id = '' }) => postAssociation(call, id) },
  { method: 'DELETE', path: `${FPGA}/{id}/association`, handle: (call, { id = '' }) => deleteAssociation(call, id) },
];

export function nativeService(core: Core): (exchange: Exchange) => Promise<Answer> {
  const routes = core.settings.fpga ? [...ROUTES, ...FPGA_ROUTES] : ROUTES;
  return resourceService(core, { routes, locate });
}

function locate(path: string, { projectId }: ServiceCall): string | null {
  const [, named, rest] = /^\/v1\/([^/]+)(\/.*)$/.exec(path) ?? [];
  if (named === undefined || rest === undefined) return null;
  if (named !== projectId) throw ecsRefusal(400, 'Ecs.0023', 'The project ID in the token is not the one in the URL.');
  return rest;
}

function getResizeFlavors(call: ServiceCall): Answer {
  if (call.core.settings.resizeFlavors !== 'v1') throw gatewayRefusal(call.exchange, '0101');
  const server = findServer(call, call.exchange.query.get('instance_uuid') ?? '');
  return { status: 200, body: { flavors: resizeTargets(call.core, server.flavorId).map(resizeFlavorView) } };
}
