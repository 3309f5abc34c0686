import type { Connection } from './connection.js';
import type { QueueNames } from './keys.js';

/** The consumer group on every lane: made when missing, made again after Redis lost it. */
export class ConsumerGroup {
  constructor(
    private readonly connection: Connection,
    private readonly names: QueueNames,
  ) {}

  /** Makes streams and group where they are missing, at the start of the stream so that nothing is skipped. */
  async ensure(): Promise<void> {
    await Promise.all(this.names.lanes.map((lane) => this.ensureOn(lane)));
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
      if (!(error instanceof Error && error.message.includes('BUSYGROUP'))) throw error;
    }
  }
}

/** True for the errors by which Redis says that stream or group are gone. */
export function isGroupGone(error: unknown): boolean {
  return error instanceof Error && /\bNOGROUP\b|\bUNBLOCKED\b/.test(error.message);
}
