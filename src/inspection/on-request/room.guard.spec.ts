import { EventEmitter } from 'node:events';
import type { ExecutionContext } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { Slots } from '../../job/slots.js';
import { RoomGuard } from './room.guard.js';

class TwoPlaces extends Slots {
  hasRoomBeside(others: number): boolean {
    return others < 2;
  }

  borrow<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }
}

describe('the room for work on request', () => {
  it('is taken from the first byte to the last, and given back with the answer', () => {
    const guard = new RoomGuard(new TwoPlaces());
    const responses = [new EventEmitter(), new EventEmitter()];
    for (const response of responses) expect(guard.canActivate(contextOf(response))).toBe(true);
    expect(() => guard.canActivate(contextOf(new EventEmitter()))).toThrow(expect.objectContaining({ code: 'BUSY' }));
    responses[0]?.emit('close');
    expect(guard.canActivate(contextOf(new EventEmitter()))).toBe(true);
  });
});

function contextOf(response: EventEmitter): ExecutionContext {
  return { switchToHttp: () => ({ getResponse: () => response }) } as unknown as ExecutionContext;
}
