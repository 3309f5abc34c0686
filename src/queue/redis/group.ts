import { TransientStepError } from '../../job/errors.js';
import type { Connection } from './connection.js';
import type { QueueNames } from './keys.js';

/** The consumer group on every lane: made when missing, made again after Redis lost it. */
export class ConsumerGroup {
  constructor(
    private readonly connection: Connection,
    private readonly names: QueueNames,
  ) {}

  /**
   * Makes streams and group where they are missing, at the start of the stream so that nothing is skipped.
   * @throws TransientStepError NOT_A_STREAM when one of the keys holds something else
   */
  async ensure(): Promise<void> {
    const { lanes, dlq, results } = this.names;
    const others = results === undefined ? [dlq] : [dlq, results];
    await Promise.all([...lanes.map((lane) => this.ensureOn(lane)), ...others.map((stream) => this.checkType(stream))]);
  }

  /** Runs a call; when the group turns out to be gone (flush, failover), makes it and runs the call once more. */
  async with<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (!isGroupGone(error)) throw error;
      await this.ensure();
      return call();
    }
  }

  private async ensureOn(lane: string): Promise<void> {
    try {
      await this.connection.xgroup('CREATE', lane, this.names.group, '0', 'MKSTREAM');
    } catch (error) {
      if (!says(error, /\bBUSYGROUP\b/)) throw explained(error, lane);
    }
  }

  private async checkType(stream: string): Promise<void> {
    try {
      await this.connection.xlen(stream);
    } catch (error) {
      throw explained(error, stream);
    }
  }
}

/** True for the errors by which Redis says that stream or group are gone. */
export function isGroupGone(error: unknown): boolean {
  return says(error, /\bNOGROUP\b|\bUNBLOCKED\b|\bWRONGTYPE\b/);
}

function explained(error: unknown, key: string): unknown {
  if (!says(error, /\bWRONGTYPE\b/)) return error;
  return new TransientStepError(
    'NOT_A_STREAM',
    `The key ${key} holds no stream: delete or rename it, or name another one for the worker.`,
    { cause: error },
  );
}

function says(error: unknown, what: RegExp): boolean {
  return error instanceof Error && what.test(error.message);
}
