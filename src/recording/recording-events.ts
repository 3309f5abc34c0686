/** All that happens to recordings and is worth a log line or a number. Methods must not throw and must not take long. */
export interface RecordingEvents {
  /** This replica records the camera from now on. */
  taken(cctvId: string): void;
  /** Another replica records it from now on, or none. */
  given(cctvId: string, reason: string): void;
  /** Video comes: the first piece after a start or a failure is complete. */
  recording(cctvId: string): void;
  /** A run ended; the next begins after `delayMs`. `failures` counts those in a row. */
  broke(cctvId: string, error: unknown, failures: number, delayMs: number): void;
  /** A segment lies where it belongs. */
  finished(cctvId: string, path: string): void;
  joinFailed(cctvId: string, path: string, error: unknown): void;
  /** How many cameras this replica records now. */
  active(count: number): void;
  deleted(count: number, reason: 'age' | 'disk'): void;
  keepingFailed(error: unknown): void;
  /** Who records what cannot be agreed on. Called once for an outage. */
  leasesLost(error: unknown): void;
  leasesBack(): void;
}
