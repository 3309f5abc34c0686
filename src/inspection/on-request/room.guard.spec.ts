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
  it('is taken by who is all there, and given back with the answer', () => {
    const guard = new RoomGuard(new TwoPlaces());
    const calls = [call(), call()];
    for (const each of calls) expect(guard.canActivate(each.context)).toBe(true);
    expect(() => guard.canActivate(call().context)).toThrow(expect.objectContaining({ code: 'BUSY' }));
    calls[0]?.response.emit('close');
    expect(guard.canActivate(call().context)).toBe(true);
  });

  it('is not taken by what is still on its way, until it is there', () => {
    const guard = new RoomGuard(new TwoPlaces());
    const slow = [call(false), call(false), call(false)];
    for (const each of slow) expect(guard.canActivate(each.context)).toBe(true);
    for (const each of slow) each.request.emit('end');
    expect(() => guard.canActivate(call().context)).toThrow(expect.objectContaining({ code: 'BUSY' }));
    for (const each of slow) each.response.emit('close');
    expect(guard.canActivate(call().context)).toBe(true);
  });
});

/** A call whose request is there as a whole, or not yet. */
function call(complete = true) {
  const response = new EventEmitter();
  const request = Object.assign(new EventEmitter(), { complete });
  const http = { getResponse: () => response, getRequest: () => request };
  return { request, response, context: { switchToHttp: () => http } as unknown as ExecutionContext };
}
