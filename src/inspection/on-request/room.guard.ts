import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import { busy, Slots } from '../../job/slots.js';

/**
 * Refuses work on request when there is no room for it even to wait. A place is taken once the whole request is there: what
 * is still on its way keeps nobody out.
 */
@Injectable()
export class RoomGuard implements CanActivate {
  private inside = 0;

  constructor(private readonly slots: Slots) {}

  /** @throws RateLimitedError BUSY */
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    if (!this.slots.hasRoomBeside(this.inside)) throw busy();
    if (request.complete) this.enter(response);
    else request.once('end', () => this.enter(response));
    return true;
  }

  private enter(response: Response): void {
    if (response.destroyed) return;
    this.inside += 1;
    response.once('close', () => (this.inside -= 1));
  }
}
