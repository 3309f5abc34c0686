import { createHash, timingSafeEqual } from 'node:crypto';
import {
  ForbiddenException,
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { Request } from 'express';
import { Config } from '../config/config.js';
import { isLocalCaller } from './local-caller.js';

/**
 * Lets in who may steer the worker: with `CONTROL_TOKEN` set, whoever brings it; without one, processes of this machine
 * only, and neither a web page that a browser on this machine happens to show nor a proxy.
 */
@Injectable()
export class ControlGuard implements CanActivate {
  constructor(private readonly config: Config) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const token = this.config.http.controlToken;
    if (token !== undefined) return admitBearer(request, token);
    if (!(await isLocalCaller(request))) throw localOnly();
    return true;
  }
}

function admitBearer(request: Request, token: string): true {
  if (sameSecret(bearerOf(request), token)) return true;
  throw new UnauthorizedException({
    code: 'CONTROL_TOKEN_REQUIRED',
    message: 'This call needs the header "Authorization: Bearer <CONTROL_TOKEN>".',
  });
}

function localOnly(): ForbiddenException {
  return new ForbiddenException({
    code: 'CONTROL_LOCAL_ONLY',
    message:
      'Without CONTROL_TOKEN this call is accepted from this machine only: from root or the user of the service, without ' +
      'a proxy, addressed to localhost or 127.0.0.1 and its port. Set CONTROL_TOKEN to call it in any other way.',
  });
}

function bearerOf(request: Request): string {
  return /^Bearer\s+(.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

/** In constant time, whatever the lengths. */
function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
