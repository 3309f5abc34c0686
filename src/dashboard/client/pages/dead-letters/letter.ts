/** Dead letters of one reason, as `GET /api/v1/dead-letters/groups` tells them. */
export interface Group {
  readonly code: string;
  readonly count: number;
  readonly oldestAt: string | null;
  readonly cameras: number;
  readonly someCameras: readonly string[];
  readonly message: string;
}

/** A dead letter, as `GET /api/v1/dead-letters` tells it. */
export interface Letter {
  readonly id: string;
  readonly jobId: string | null;
  readonly cctvId: string | null;
  readonly code: string;
  readonly message: string;
  readonly step: string | null;
  readonly attempts: number;
  readonly failedAt: string | null;
}

/** Which dead letters to act on. */
export interface LetterFilter {
  readonly kind: string;
  readonly code?: string;
}
