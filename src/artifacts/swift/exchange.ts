import type { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import { abortedBy } from '../../lib/aborted-by.js';
import { unlessAborted } from '../../lib/unless-aborted.js';
import { SwiftSilence } from './swift.errors.js';

/** A request that is about to leave: a writable stream of the old kind that ends by itself unless something is piped into it. */
export interface Outgoing extends EventEmitter, NodeJS.WritableStream {
  abort(): void;
  /** What comes back. */
  pipe(destination: NodeJS.WritableStream): unknown;
}

/** What came back, whatever its status. */
export interface Reply {
  response: IncomingMessage;
  /** The beginning of the body, for messages. */
  said: string;
}

export interface ExchangeLimits {
  signal: AbortSignal;
  /** Longest time without a byte in either direction, ms. */
  idleMs: number;
  /** Longest time for all of it, ms. */
  tryMs: number;
  /** Gets the body of a success, however large. A body that was cut ends like any other: count its bytes. */
  sink?: Writable | undefined;
}

/** Swift explains itself in a line of HTML. */
const SAID_CHARACTERS = 400;

/**
 * Sends a request with its body and waits for the whole answer. Call it in the same tick in which the request was made.
 * However it ends, the request and the body are done with: nothing is sent any more.
 * @throws SwiftSilence; network errors as they come; the signal's reason
 */
export function exchange(request: Outgoing, body: Readable | undefined, limits: ExchangeLimits): Promise<Reply> {
  const silence = new AbortController();
  return abortedBy([limits.signal, silence.signal], (signal) =>
    exchangeWithin(request, body, { ...limits, signal }, (why) => silence.abort(new SwiftSilence(why))),
  );
}

async function exchangeWithin(
  request: Outgoing,
  body: Readable | undefined,
  { signal, idleMs, tryMs, sink }: ExchangeLimits,
  giveUp: (why: string) => void,
): Promise<Reply> {
  const idle = setTimeout(() => giveUp(`no byte moved for ${idleMs / 1000} s`), idleMs);
  const whole = setTimeout(() => giveUp(`not done after ${tryMs / 1000} s`), tryMs);
  const end = (): void => {
    clearTimeout(idle);
    clearTimeout(whole);
    request.abort();
    body?.destroy();
  };
  // At once, not when this function gets its turn: until then a body of some MB may be on its way to its very end.
  signal.addEventListener('abort', end, { once: true });
  const reply = replyTo(request, () => void idle.refresh());
  if (sink !== undefined) pourInto(sink, request);
  body?.on('data', () => void idle.refresh()).pipe(request);
  try {
    return await unlessAborted(reply, signal);
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}

function replyTo(request: Outgoing, moved: () => void): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let said = '';
    request.on('error', reject);
    request.on('response', moved);
    request.on('data', (chunk: Buffer) => {
      moved();
      if (said.length < SAID_CHARACTERS) said += chunk.toString();
    });
    request.on('complete', (response: IncomingMessage) => resolve({ response, said: plain(said) }));
  });
}

function pourInto(sink: Writable, request: Outgoing): void {
  request.on('response', ({ statusCode = 0 }: IncomingMessage) => {
    if (statusCode >= 200 && statusCode < 300) request.pipe(sink);
  });
}

/** Text without markup, on one line. */
function plain(html: string): string {
  const text = html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
  return text.trim().slice(0, SAID_CHARACTERS);
}
