import type { Connection } from './connection.js';
import { explainLogin } from './refusal/explain-refusal.js';
import { within } from '../lib/deadline.js';

/** How long to wait for a connection before saying that there is none. ms */
const UP_WITHIN_MS = 3_000;
/** How long to wait for a polite goodbye. ms */
const QUIT_WITHIN_MS = 1_000;

/** A connection that knows why it is down and says when it breaks. It comes back by itself. */
export class Link {
  private lastError = new Error('Redis closed the connection.');
  private comingUp: Promise<void> | undefined;

  constructor(readonly connection: Connection) {
    connection.on('error', (error: Error) => {
      this.lastError = explainLogin(error) ?? error;
    });
  }

  get isUp(): boolean {
    return this.connection.status === 'ready';
  }

  /** Resolves once the connection is usable; rejects when it is not within a few seconds, saying why. */
  up(): Promise<void> {
    if (this.isUp) return Promise.resolve();
    // Many may wait at once: they wait for the same.
    this.comingUp ??= this.readiness().finally(() => (this.comingUp = undefined));
    return this.comingUp;
  }

  onDown(listener: (error: Error) => void): void {
    this.connection.on('close', () => listener(this.lastError));
  }

  /** Says goodbye when somebody is there to hear it. */
  async close(): Promise<void> {
    const { connection } = this;
    if (this.isUp) await within(QUIT_WITHIN_MS, connection.quit());
    // Hanging up twice would leave a timer behind.
    if (connection.status !== 'end') connection.disconnect();
  }

  private readiness(): Promise<void> {
    const { connection } = this;
    if (connection.status === 'wait') connection.connect().catch(() => undefined);
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        connection.off('ready', done);
        reject(this.lastError);
      }, UP_WITHIN_MS);
      connection.once('ready', done);
    });
  }
}
