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

/** What becomes of the wish to try a camera. */
export interface ProbeAnswer {
  /** 0 when the right is ours, else how long until somebody may have it, ms. */
  readonly waitMs: number;
  /** Whether we are the one that is to come back then; all others may stay away until the camera works. */
  readonly isNext: boolean;
  /** Deliveries of the queue that wait for anything. */
  readonly waiting: number;
}

/** The breakers of all cameras, shared by the group. Cameras that work leave no trace. */
export abstract class BreakerStore {
  /** Cameras with failures; undefined when nothing has changed since the last call. */
  abstract changes(): Promise<BreakerState[] | undefined>;

  /** Notes one more failure in a row. */
  abstract failed(camera: string, policy: BreakerPolicy): Promise<BreakerState>;

  /** Notes that the camera works; deliveries that wait for it come due. */
  abstract worked(camera: string): Promise<void>;

  /**
   * Asks for the right to try a camera whose wait is over: one worker has it at a time, for at most `forMs`.
   */
  abstract tryProbe(camera: string, forMs: number): Promise<ProbeAnswer>;

  /** Gives the right back: the probe ended without a verdict on the camera. */
  abstract endProbe(camera: string): Promise<void>;
}
