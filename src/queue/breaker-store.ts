/** What the group knows of a camera that failed lately. */
export interface BreakerState {
  camera: string;
  /** Failures in a row. */
  failures: number;
  /** Until the next probe is allowed, ms; 0 when it is allowed now; undefined while jobs run as always. */
  opensInMs: number | undefined;
}

/** When a camera counts as down. Times in ms. */
export interface BreakerPolicy {
  /** Failures in a row after which a camera's jobs wait. */
  failures: number;
  /** The first wait; it doubles with each failed probe. */
  cooldownMs: number;
  longestCooldownMs: number;
}

/** The breakers of all cameras, shared by the group. Cameras that work leave no trace. */
export abstract class BreakerStore {
  /** Cameras with failures. */
  abstract list(): Promise<BreakerState[]>;

  /** Notes one more failure in a row. */
  abstract failed(camera: string, policy: BreakerPolicy): Promise<BreakerState>;

  /** Notes that the camera works. */
  abstract worked(camera: string): Promise<void>;

  /**
   * Asks for the right to try a camera whose wait is over: one worker has it at a time, for at most `forMs`.
   * Gives 0 when it is ours, else how long until it may be, ms.
   */
  abstract tryProbe(camera: string, forMs: number): Promise<number>;

  /** Gives the right back: the probe ended without a verdict on the camera. */
  abstract endProbe(camera: string): Promise<void>;
}
