import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Response } from 'express';
import { busy, Slots } from '../../job/slots.js';

/** Refuses work on request before its upload is taken into memory, when there is no room for it even to wait. */
@Injectable()
export class RoomGuard implements CanActivate {
  private inside = 0;

  constructor(private readonly slots: Slots) {}

  /** @throws RateLimitedError BUSY */
  canActivate(context: ExecutionContext): boolean {
    if (!this.slots.hasRoomBeside(this.inside)) throw busy();
    this.inside += 1;
    const response = context.switchToHttp().getResponse<Response>();
    response.once('close', () => (this.inside -= 1));
    return true;
  }
}
