/** Asks Redis whether it is there. */
export abstract class RedisPing {
  /** Round trip, ms. Rejects while Redis is away. */
  abstract ping(): Promise<number>;
}
