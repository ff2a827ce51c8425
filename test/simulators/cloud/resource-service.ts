// What the smaller services of the simulated cloud have in common: token, address, role, body.

import { identify, type Caller, type TokenCache } from './compute/caller.ts';
import { gatewayRefusal } from './compute/errors.ts';
import type { Core } from './core.ts';
import {
  findRoute,
  isRecord,
  Refusal,
  webobError,
  webobNotFound,
  withHeaders,
  type Answer,
  type Exchange,
  type Route,
} from './exchange.ts';
import type { Role } from './seeds.ts';

/** One request after its token is known. `projectId` is the token's. */
export type ServiceCall = { core: Core; caller: Caller; projectId: string; exchange: Exchange };

export type ServiceParts = {
  routes: Route<ServiceCall>[];
  /** The path as the routes know it; null: no such address. Throws a refusal for another project's. */
  locate(path: string, call: ServiceCall): string | null;
  /** On every answer. */
  headers?(exchange: Exchange): NonNullable<Answer['headers']>;
};

/** Answers requests below the service's root; one service keeps one cache of tokens. */
export function resourceService(core: Core, parts: ServiceParts): (exchange: Exchange) => Promise<Answer> {
  const cache: TokenCache = new Map();
  return async (exchange) =>
    withHeaders(parts.headers?.(exchange) ?? {}, async () => {
      const caller = identify(core, cache, exchange);
      const call = { core, caller, projectId: caller.projectId ?? '', exchange };
      const path = parts.locate(exchange.path, call);
      const match = path === null ? null : findRoute(parts.routes, exchange.method, path);
      if (path === null || match === null) throw noSuchAddress(call);
      if (match === 'wrong_method') throw wrongMethod(exchange);
      return match.route.handle({ ...call, exchange: { ...exchange, path } }, match.params);
    });
}

export function hasRole({ caller }: ServiceCall, role: Role): boolean {
  return caller.roles.includes(role) || caller.roles.includes('admin');
}

/** The object under `name` in the body; null when it is not there, or the body is no JSON. */
export function bodyOf({ exchange }: ServiceCall, name: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(exchange.body);
    const inner = isRecord(value) ? value[name] : null;
    return isRecord(inner) ? inner : null;
  } catch {
    return null;
  }
}

/** The items after the marker, at most `limit` of them; the marker must have been checked. */
export function sliceAfter<T extends { id: string }>(all: T[], marker: string | null, limit: number): T[] {
  const start = marker === null ? 0 : all.findIndex(({ id }) => id === marker) + 1;
  return all.slice(start, start + limit);
}

/** The address of the page after this one. */
export function hrefAfter({ exchange }: ServiceCall, base: string, marker: string): string {
  const query = new URLSearchParams(exchange.query);
  query.set('marker', marker);
  return `${base}${exchange.path}?${query.toString()}`;
}

function noSuchAddress({ core, exchange }: ServiceCall): Refusal {
  return core.settings.mode === 'openstack' ? new Refusal(webobNotFound(exchange)) : gatewayRefusal(exchange, '0101');
}

function wrongMethod(exchange: Exchange): Refusal {
  const text = `The method ${exchange.method} is not allowed for this resource. <br /><br />\n\n\n`;
  return new Refusal(webobError(exchange, '405 Method Not Allowed', text));
}
