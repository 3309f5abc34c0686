import type { IncomingMessage } from 'node:http';
import type { NextFunction, Request, Response } from 'express';
import { answerProblem, type ErrorBody } from './answers/problem.js';

type Middleware = (request: Request, response: Response, next: NextFunction) => void;

/** How fast a body has to come. */
export interface Pace {
  /** For its first bytes, and to catch up. ms */
  readonly graceMs: number;
  /** As slow as 1 Mbit/s, which every connection of these days can do. */
  readonly bytesPerSecond: number;
}

export const PACE: Pace = { graceMs: 15_000, bytesPerSecond: 100_000 };

const LOOK_EVERY_MS = 1_000;

/** Who was answered before all was read may still send this, since a connection that is reset takes the answer along. */
const LINGER_MS = 2_000;
const LINGER_BYTES = 8 * 1024 * 1024;

/** Ends bodies that trickle in: with 408, and the connection. Whoever waits for such a body holds nothing for long. */
export function bodyInTime({ graceMs, bytesPerSecond }: Pace = PACE): Middleware {
  return (request, response, next) => {
    if (!hasBody(request)) return next();
    const began = performance.now();
    const before = request.socket.bytesRead;
    const look = (): void => {
      const received = request.socket.bytesRead - before;
      const allowedMs = graceMs + (received / bytesPerSecond) * 1_000;
      if (!request.complete && performance.now() - began > allowedMs) bodyCutOff(response, TOO_SLOW);
    };
    const timer = setInterval(look, Math.min(LOOK_EVERY_MS, graceMs));
    const done = (): void => clearInterval(timer);
    for (const over of ['end', 'close'] as const) request.once(over, done);
    response.once('close', done);
    next();
  };
}

/**
 * Answers with 413 as soon as more JSON has come than may. The parser after it knows the same limit, but reads to the end before it
 * says so; it has to come right after this, so that it misses nothing.
 */
export function boundedJson(maxBytes: number): Middleware {
  return (request, response, next) => {
    if (request.is('application/json') !== false && hasBody(request)) {
      let bytes = 0;
      request.on('data', (piece: Buffer) => {
        bytes += piece.length;
        if (bytes > maxBytes) bodyCutOff(response, TOO_LARGE);
      });
    }
    next();
  };
}

/** Does not read on and on what nobody wants: a connection whose body goes on after the answer is closed. */
export const closeUnread: Middleware = (request, response, next) => {
  response.once('finish', () => {
    if (!request.complete) linger(request);
  });
  next();
};

/** Answers now, whatever is still to come of the request. */
export function bodyCutOff(response: Response, { status, ...body }: ErrorBody & { status: number }): void {
  if (response.headersSent || response.destroyed) return;
  answerProblem(response.set('Connection', 'close'), status, body);
}

function linger(request: IncomingMessage): void {
  let left = LINGER_BYTES;
  const close = (): void => void request.socket.destroy();
  const timer = setTimeout(close, LINGER_MS);
  request.on('data', (piece: Buffer) => {
    left -= piece.length;
    if (left < 0) close();
  });
  request.once('close', () => clearTimeout(timer));
  request.resume();
}

/** Whether a request announces a body; one of no bytes is none. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

const TOO_LARGE = { status: 413, code: 'TOO_LARGE', message: 'The body is larger than any call takes.' };

const TOO_SLOW = {
  status: 408,
  code: 'BODY_TOO_SLOW',
  message: 'The body came too slowly; send it again over a faster connection, or make it smaller.',
};
