import type { ExecutionContext } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../config/config.js';
import { ControlGuard } from './control.guard.js';

const TOKEN = 'a-long-enough-secret-token';
const LOCAL_ONLY = expect.objectContaining({ response: expect.objectContaining({ code: 'CONTROL_LOCAL_ONLY' }) });

describe('who may steer without a token', () => {
  it.each(['localhost', 'localhost:3000', 'LOCALHOST:3000', '127.0.0.1:3000', '127.8.9.1', '[::1]:3000'])(
    'lets in who calls this machine %s',
    (host) => expect(admits({ host })).toBe(true),
  );

  it.each([
    'evil.example',
    'evil.example:3000',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'localhost@evil.example',
    '10.0.0.1:3000',
    'no host at all',
    '',
    undefined,
  ])('refuses a local caller who names it %s, against DNS rebinding', (host) => {
    expect(() => admits({ host })).toThrow(LOCAL_ONLY);
  });

  it('refuses a page of another origin, and who was forwarded', () => {
    const host = 'localhost:3000';
    expect(admits({ host, origin: 'http://localhost:3000' })).toBe(true);
    expect(() => admits({ host, origin: 'http://localhost:4000' })).toThrow(LOCAL_ONLY);
    expect(() => admits({ host, 'x-forwarded-for': '203.0.113.9' })).toThrow(LOCAL_ONLY);
  });
});

it('lets in whoever brings the token, by whatever name', () => {
  const headers = { host: 'worker.example', authorization: `Bearer ${TOKEN}` };
  expect(admits(headers, { CONTROL_TOKEN: TOKEN })).toBe(true);
});

function admits(headers: Record<string, string | undefined>, environment: Record<string, string> = {}): boolean {
  const request = { headers, socket: { remoteAddress: '127.0.0.1' } };
  const context = { switchToHttp: () => ({ getRequest: () => request }) };
  return new ControlGuard(loadConfig(environment)).canActivate(context as unknown as ExecutionContext);
}
