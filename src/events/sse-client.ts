import type { ServerResponse } from 'node:http';
import { HELLO } from './sse-text.js';

/** A client that left so much unread is dropped; it comes back with its `Last-Event-ID`. bytes */
const MOST_UNREAD_BYTES = 64 * 1024;
/** What was missed is sent at the pace of the client, which may take so long for one piece. ms */
const PIECE_WITHIN_MS = 15_000;

const HEAD = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // nginx gathers what it passes on, unless it is told not to.
  'X-Accel-Buffering': 'no',
};

/** The other end of a stream of events. It holds no more in memory than a client that reads has yet to read. */
export class SseClient {
  private needsDrain = false;

  constructor(private readonly response: ServerResponse) {
    response.on('drain', () => (this.needsDrain = false));
    // Who hung up in the middle is gone, and that is all.
    response.on('error', () => undefined);
  }

  /** Whether it left, or was dropped. */
  get isGone(): boolean {
    return this.response.destroyed || this.response.writableEnded;
  }

  /** Whether something that was sent is not on its way yet. */
  get isBehind(): boolean {
    return this.response.writableLength > 0;
  }

  /** Whether anything was sent. */
  get hasBegun(): boolean {
    return this.response.headersSent;
  }

  /** Calls back once, when the client left, was dropped, or was said goodbye to. */
  onGone(listener: () => void): void {
    this.response.once('close', listener);
  }

  /** Answers, if that was not done yet. */
  begin(hello = HELLO): void {
    if (this.isGone || this.hasBegun) return;
    this.response.writeHead(200, HEAD);
    this.response.write(hello);
  }

  /** Sends a piece, or drops a client that does not read. Without effect once it is gone. */
  send(text: string): void {
    if (this.isGone || text === '') return;
    if (this.response.writableLength > MOST_UNREAD_BYTES) {
      this.drop();
      return;
    }
    this.begin();
    this.needsDrain = !this.response.write(text);
  }

  /** Resolves once what was sent is on its way, or the client is gone. One that takes long for it is dropped. */
  async drained(): Promise<void> {
    if (!this.needsDrain || this.isGone) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.response.off('drain', done).off('close', done);
        resolve();
      };
      const timer = setTimeout(() => {
        this.drop();
        done();
      }, PIECE_WITHIN_MS).unref();
      this.response.once('drain', done).once('close', done);
    });
  }

  /** Says goodbye. */
  end(): void {
    this.begin();
    if (!this.isGone) this.response.end();
  }

  /** Says that there is nothing to come, at which a browser comes no more; where nothing was sent yet. */
  endForGood(): void {
    if (!this.hasBegun) this.response.writeHead(204);
    this.end();
  }

  private drop(): void {
    this.response.destroy();
  }
}
