import { PermanentStepError } from '../../job/errors.js';

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
 * The public address of Swift in a catalog, without a slash at its end. Without `region` the only one there is.
 * @throws PermanentStepError SWIFT_REGION when there is none, or more than one to choose from
 */
export function objectStoreUrl(catalog: readonly CatalogService[], region: string | undefined): string {
  const stores = catalog.filter(({ type }) => type === 'object-store');
  const reachable = stores.flatMap(({ endpoints }) => endpoints).filter((endpoint) => endpoint.interface === 'public');
  const found = reachable.filter((endpoint) => region === undefined || isSame(endpoint.region, region));
  const urls = new Set(found.map(({ url }) => url.replace(/\/+$/, '')));
  const [url] = urls;
  if (url !== undefined && urls.size === 1) return url;
  throw regionError(reachable, region);
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
  if (regions === '') return "Keystone's catalog has no public object-store: this project has no Swift.";
  if (wanted === undefined)
    return `Keystone's catalog has Swift in several regions: ${regions}. Set OS_REGION_NAME to one.`;
  return `Keystone's catalog has no single Swift in the region ${wanted}. Set OS_REGION_NAME to one of: ${regions}.`;
}
