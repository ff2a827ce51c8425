// Whether a flavor can be had: OTC and Huawei say in extra specs what is sold out, and where (ecs-api B.10). Pure.
import type { Flavor } from './flavors.ts';

const ON_SALE = new Set(['normal', 'obt', 'promotion']);

/**
 * `zone` null: in any zone. A zone named in `cond:operation:az` overrides the region's `cond:operation:status`; without
 * either, and on clouds without such specs, the flavor is on sale.
 */
export function isOnSale(flavor: Pick<Flavor, 'extraSpecs' | 'disabled'>, zone: string | null): boolean {
  if (flavor.disabled) return false;
  const region = flavor.extraSpecs?.['cond:operation:status'] ?? 'normal';
  const zones = parseZones(flavor.extraSpecs?.['cond:operation:az'] ?? '');
  if (zone !== null) return ON_SALE.has(zones.get(zone) ?? region);
  return ON_SALE.has(region) || [...zones.values()].some((state) => ON_SALE.has(state));
}

/** `eu-de-01(normal), eu-de-02(sellout)`; a zone with empty parentheses says nothing. */
function parseZones(written: string): Map<string, string> {
  const found = written.matchAll(/([^\s,()]+)\s*\(\s*([^\s()]+)\s*\)/g);
  return new Map([...found].map(([, zone = '', state = '']) => [zone, state]));
}
