import type { Connection } from '../../redis/connection.js';
import { toFields } from '../../redis/fields.js';

/** A result, as the stream holds it. */
export interface SeenResult {
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Looks into a results stream without taking anything. */
export class ResultsView {
  /** @param stream undefined for a kind that publishes nothing */
  constructor(
    private readonly connection: Connection,
    private readonly stream: string | undefined,
  ) {}

  /** Results before one, the newest first. @param id of that one; all if left out */
  async before(id: string | undefined, count: number): Promise<SeenResult[]> {
    if (this.stream === undefined) return [];
    const entries = await this.connection.xrevrange(
      this.stream,
      id === undefined ? '+' : `(${id}`,
      '-',
      'COUNT',
      count,
    );
    return entries.map(([at, flat]) => ({ id: at, fields: toFields(flat) }));
  }
}
