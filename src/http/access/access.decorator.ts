import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { Role } from './caller.js';

/** Key of the metadata; the guard reads it. */
export const ACCESS = 'http:access';

/** Who may call a route: everybody, or callers of one of these roles and those above them. */
export type Least = 'open' | readonly Role[];

/**
 * Says who may call a route, or all routes of a class: `@Access('open')`, `@Access('viewer')`, `@Access('viewer', 'client')`.
 * `viewer` < `inspector` < `operator`, so that one role includes those below it; `client` is beside them. A route that says
 * nothing is refused.
 */
export function Access(...least: ['open'] | [Role, ...Role[]]): CustomDecorator {
  const access: Least = least[0] === 'open' ? 'open' : least;
  return SetMetadata(ACCESS, access);
}
