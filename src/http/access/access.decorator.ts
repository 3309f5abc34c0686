import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { Role } from './caller.js';

/** Key of the metadata; the guard reads it. */
export const ACCESS_NEEDED = 'http:access';

/** Key of the metadata of {@link KnownOnly}. */
export const KNOWN_ONLY = 'http:known-only';

/** Says that a route is never open to everybody, like pictures: without tokens, or with PUBLIC_READ, it is for whom the service knows. */
export const KnownOnly = (): CustomDecorator => SetMetadata(KNOWN_ONLY, true);

/** Who may call a route: everybody, who scrapes metrics, or callers of one of these roles and those above them. */
export type Least = 'open' | 'scraper' | readonly Role[];

/**
 * Says who may call a route, or all routes of a class: `@Access('open')`, `@Access('viewer')`, `@Access('viewer', 'client')`.
 * `viewer` < `inspector` < `operator`, so that one role includes those below it; a `client` is beside them and may only call what
 * names it. A route that says nothing is refused.
 */
export function Access(...least: ['open'] | ['scraper'] | [Role, ...Role[]]): CustomDecorator {
  const [first] = least;
  const access: Least = first === 'open' || first === 'scraper' ? first : least;
  return SetMetadata(ACCESS_NEEDED, access);
}
