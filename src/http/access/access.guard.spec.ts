import { Controller, Get, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { describe, expect, it } from '@jest/globals';
import { Access } from './access.decorator.js';
import { AccessGuard } from './access.guard.js';
import { OpenCalls } from './open-calls.js';

@Controller()
class Unsaid {
  @Get()
  silent(): void {}

  @Get()
  @Access('open')
  open(): void {}
}

@Access('operator')
class Said extends Unsaid {}

/** Nobody is ever asked for: only what a route says counts here. */
const guard = new AccessGuard(null as never, { note: () => undefined }, new OpenCalls(), new Reflector());

function call(target: typeof Unsaid, method: 'silent' | 'open'): Promise<boolean> {
  const context = {
    getClass: () => target,
    getHandler: () => target.prototype[method],
    switchToHttp: () => ({ getRequest: () => ({}), getResponse: () => ({}) }),
  };
  return guard.canActivate(context as unknown as ExecutionContext);
}

describe('a route', () => {
  it('that does not say who may call it lets nobody in', async () => {
    await expect(call(Unsaid, 'silent')).rejects.toMatchObject({ response: { code: 'ACCESS_NOT_SET' } });
  });

  it('that is open is so although its class is not', async () => {
    expect(await call(Said, 'open')).toBe(true);
  });
});
