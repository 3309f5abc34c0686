import type { CatalogInterface } from '../swift.settings.js';
import { PermanentStepError } from '../../../job/errors.js';

/** A service in Keystone's catalog. */
export interface CatalogService {
  type: string;
  endpoints: readonly CatalogEndpoint[];
}

/** One way to reach a service. */
export interface CatalogEndpoint {
  interface: string;
  region?: string | null;
  url: string;
}

/**
 * The address of Swift in a catalog, without a slash at its end. Without `region` the only one there is.
 * @throws PermanentStepError SWIFT_REGION when there is none, or more than one to choose from
 */
export function objectStoreUrl(
  catalog: readonly CatalogService[],
  region: string | undefined,
  wanted: CatalogInterface = 'public',
): string {
  const stores = catalog.filter(({ type }) => type === 'object-store');
  const all = stores.flatMap(({ endpoints }) => endpoints);
  const reachable = all.filter((endpoint) => endpoint.interface === wanted);
  const found = reachable.filter((endpoint) => region === undefined || isSame(endpoint.region, region));
  const urls = new Set(found.map(({ url }) => url.replace(/\/+$/, '')));
  const [url] = urls;
  if (url !== undefined && urls.size === 1) return url;
  throw reachable.length === 0 ? interfaceError(all, wanted) : regionError(reachable, region);
}

function interfaceError(all: readonly CatalogEndpoint[], wanted: CatalogInterface): PermanentStepError {
  const others = [...new Set(all.map((endpoint) => endpoint.interface))].sort().join(', ');
  const text =
    others === ''
      ? `Keystone's catalog has no ${wanted} object-store: this project has no Swift.`
      : `Keystone's catalog has no ${wanted} address of Swift. Set OS_INTERFACE to one that it has: ${others}.`;
  return new PermanentStepError('SWIFT_REGION', text, { step: 'artifacts' });
}

/** As OpenStack's own clients do. */
function isSame(a: string | null | undefined, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}

function regionError(reachable: readonly CatalogEndpoint[], wanted: string | undefined): PermanentStepError {
  return new PermanentStepError('SWIFT_REGION', regionText(reachable, wanted), { step: 'artifacts' });
}

function regionText(reachable: readonly CatalogEndpoint[], wanted: string | undefined): string {
  const regions = [...new Set(reachable.map(({ region }) => region ?? 'none'))].sort().join(', ');
  if (wanted === undefined)
    return `Keystone's catalog has Swift in several regions: ${regions}. Set OS_REGION_NAME to one.`;
  return `Keystone's catalog has no single Swift in the region ${wanted}. Set OS_REGION_NAME to one of: ${regions}.`;
}
