import { Injectable, UnauthorizedException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { ACCESS_NEEDED, KNOWN_ONLY, type Least } from './access.decorator.js';
import { ActionLog } from './action-log.js';
import { Doorkeeper } from './doorkeeper.js';
import { rememberCaller, type Caller } from './caller.js';
import { callOf, isChange } from './credentials.js';
import { OpenCalls } from './open-calls.js';
import { accessNotSet } from './refusals.js';

/** What nginx calls it when a client leaves before it is answered. */
const LEFT = 499;

/**
 * Lets in who may call a route, as its `@Access` says; a route without one lets nobody in. What a caller changes is kept in the
 * log of actions.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly door: Doorkeeper,
    private readonly actions: ActionLog,
    private readonly open: OpenCalls,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    const least = this.reflector.getAllAndOverride<Least | undefined>(ACCESS_NEEDED, targets);
    if (least === undefined) throw accessNotSet();
    if (least === 'open') return true;
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    const isKnownOnly = this.reflector.getAllAndOverride<boolean | undefined>(KNOWN_ONLY, targets) === true;
    const caller = await this.admit(request, response, least, isKnownOnly);
    rememberCaller(request, caller);
    this.open.add({ request, response, caller });
    if (isChange(request)) this.noteWhenOver(request, response, caller);
    return true;
  }

  /** Also for what is no route of Nest's; the headers of the answer say how to do better, and that no cache may keep it. */
  async admit(
    request: Request,
    response: Response,
    least: Exclude<Least, 'open'>,
    isKnownOnly = false,
  ): Promise<Caller> {
    if (this.door.isGuarded) response.setHeader('Cache-Control', 'private, no-cache');
    try {
      return await (least === 'scraper'
        ? this.door.admitScraper(request)
        : this.door.admit(request, least, isKnownOnly));
    } catch (error) {
      if (error instanceof UnauthorizedException) response.setHeader('WWW-Authenticate', 'Bearer');
      throw error;
    }
  }

  private noteWhenOver(request: Request, response: Response, { name, role, via }: Caller): void {
    const [call, from] = [callOf(request), request.ip ?? ''];
    response.once('close', () => {
      const status = response.writableFinished ? response.statusCode : LEFT;
      this.actions.note({ name, role, via, from, call, status });
    });
  }
}
