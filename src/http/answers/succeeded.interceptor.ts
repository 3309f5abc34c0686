import { UseInterceptors, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Observable } from 'rxjs';

/** Since when the old paths are: the day on which the last of their successors came. By RFC 9745, seconds since the epoch. */
const DEPRECATED_SINCE = `@${Date.UTC(2026, 10, 29) / 1_000}`;

/** Says with every answer of a path that another one has taken its place, and which. */
class SucceededInterceptor implements NestInterceptor {
  constructor(private readonly successor: string) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { params } = context.switchToHttp().getRequest<Request>();
    const path = this.successor.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
    const response = context.switchToHttp().getResponse<Response>();
    response.setHeader('Deprecation', DEPRECATED_SINCE);
    response.setHeader('Link', `<${path}>; rel="successor-version"`);
    return next.handle();
  }
}

/**
 * Marks a route that answers as it always did, for clients that know it, and that nobody should begin to use.
 * @param successor the path to use; `:name` stands for the route's own parameter of that name
 */
export function SucceededBy(successor: string): MethodDecorator {
  return UseInterceptors(new SucceededInterceptor(successor));
}
