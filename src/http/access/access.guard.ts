import { createHash, timingSafeEqual } from 'node:crypto';
import {
  ForbiddenException,
  HttpException,
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { Config } from '../../config/config.js';
import { isLocalCaller } from '../local-caller.js';
import { ACCESS, type Least } from './access.decorator.js';
import { reaches, rememberCaller, type Caller } from './caller.js';
import { FailedTries } from './failed-tries.js';

/** Whom a service without tokens knows. */
const ANYBODY: Caller = { name: 'anybody', role: 'viewer' };
const THIS_MACHINE: Caller = { name: 'this machine', role: 'operator' };
const CONTROL: Caller = { name: 'CONTROL_TOKEN', role: 'operator' };

/**
 * Lets in who may call a route, as its `@Access` says; a route without one lets nobody in. Without a token, calls that change
 * things are for processes of this machine only, and neither for a web page that a browser on it happens to show nor a proxy.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly tries = new FailedTries();

  constructor(
    private readonly config: Config,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Least | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === undefined) throw nobody();
    if (access === 'open') return true;
    const request = context.switchToHttp().getRequest<Request>();
    rememberCaller(request, await this.admit(request, access));
    return true;
  }

  private async admit(request: Request, access: Exclude<Least, 'open'>): Promise<Caller> {
    if (!access.every((role) => role === 'operator')) return ANYBODY;
    const token = this.config.http.controlToken;
    if (token !== undefined) return this.admitBearer(request, token);
    if (!(await isLocalCaller(request)) || !reaches('operator', access)) throw localOnly();
    return THIS_MACHINE;
  }

  private admitBearer(request: Request, token: string): Caller {
    if (this.tries.waitOf(request.ip) > 0) throw new HttpException('Too many wrong tokens; wait a minute.', 429);
    if (sameSecret(bearerOf(request), token)) return CONTROL;
    this.tries.note(request.ip);
    throw new UnauthorizedException({
      code: 'CONTROL_TOKEN_REQUIRED',
      message: 'This call needs the header "Authorization: Bearer <CONTROL_TOKEN>".',
    });
  }
}

function nobody(): ForbiddenException {
  return new ForbiddenException({
    code: 'ACCESS_NOT_SET',
    message: 'The service does not say who may make this call, so that nobody may; this is a fault of the service.',
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
