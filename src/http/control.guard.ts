import { createHash, timingSafeEqual } from 'node:crypto';
import {
  ForbiddenException,
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { Request } from 'express';
import ipaddr from 'ipaddr.js';
import { Config } from '../config/config.js';

/**
 * Lets in who may steer the worker: with `CONTROL_TOKEN` set, whoever brings it; without one, processes of this machine
 * only, and no web page that a browser on this machine happens to show.
 */
@Injectable()
export class ControlGuard implements CanActivate {
  constructor(private readonly config: Config) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const token = this.config.http.controlToken;
    if (token === undefined) return admitLocal(request);
    if (!sameSecret(bearerOf(request), token)) {
      throw new UnauthorizedException({
        code: 'CONTROL_TOKEN_REQUIRED',
        message: 'This call needs the header "Authorization: Bearer <CONTROL_TOKEN>".',
      });
    }
    return true;
  }
}

function admitLocal(request: Request): true {
  const isLocal = isLoopback(request.socket.remoteAddress) && !wasForwarded(request);
  if (!isLocal || !isForLocalName(request) || isFromWebPage(request)) {
    throw new ForbiddenException({
      code: 'CONTROL_LOCAL_ONLY',
      message:
        'Without CONTROL_TOKEN this call is accepted from this machine only, addressed to localhost or 127.0.0.1; ' +
        'set CONTROL_TOKEN to call it from elsewhere or by another name.',
    });
  }
  return true;
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}

/** Behind a proxy on this machine every caller looks local. */
function wasForwarded(request: Request): boolean {
  return ['x-forwarded-for', 'forwarded', 'x-real-ip'].some((name) => request.headers[name] !== undefined);
}

/** A web page whose name was pointed at this machine after it had loaded (DNS rebinding) still calls us by that name. */
function isForLocalName({ headers: { host } }: Request): boolean {
  return host !== undefined && URL.canParse(`http://${host}`) && isLocalName(new URL(`http://${host}`).hostname);
}

/** A browser says where a call comes from; our own pages are served by this very host. */
function isFromWebPage(request: Request): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host || !isLocalName(new URL(origin).hostname);
}

/** A name that was pointed at 127.0.0.1 by somebody else is not ours. */
function isLocalName(hostname: string): boolean {
  return hostname === 'localhost' || isLoopback(hostname.replace(/^\[|\]$/g, ''));
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
