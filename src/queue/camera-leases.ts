/** What a replica holds, and what would be fair. */
export interface HeldLeases {
  readonly held: readonly string[];
  /** How many of the cameras one replica should hold, with so many replicas about. */
  readonly share: number;
}

/** Which replica records which camera: each camera has one holder at most. */
export abstract class CameraLeases {
  /**
   * Says that this replica lives, holds on to what it holds, and takes free cameras up to its share. To be repeated well
   * within the time that a lease lasts. Rejects while Redis is away.
   * @param cameras all that are to be recorded
   */
  abstract hold(cameras: readonly string[]): Promise<HeldLeases>;

  /** Gives cameras back, if they are still ours. */
  abstract release(cameras: readonly string[]): Promise<void>;

  /** Says goodbye: gives these cameras back and no longer counts as a replica. */
  abstract leave(cameras: readonly string[]): Promise<void>;
}
