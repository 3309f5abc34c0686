import type { Tone } from './parts/badge.js';

/** Why something fails. */
export interface Reason {
  readonly code: string;
  readonly message: string;
}

/** A worker, as `GET /api/v1/workers` tells it. */
export interface Worker {
  readonly name: string;
  readonly kind: string;
  readonly host: string;
  readonly version: string;
  readonly roles: readonly string[];
  readonly state: 'running' | 'paused' | 'draining';
  readonly claiming: boolean;
  readonly limit: number;
  readonly inUse: number;
  readonly heldBackBecause: readonly string[];
  readonly jobs: readonly WorkerJob[];
  readonly loopDelayMs: number;
  readonly at: string;
}

/** A job that a worker has in hand. */
export interface WorkerJob {
  readonly jobId: string;
  readonly cctvId: string | null;
  readonly step: string | null;
  readonly progress: number;
  readonly message: string;
  readonly attempt: number;
  readonly ageMs: number;
}

/** The queue of a kind of job, as `GET /api/v1/queue` tells it. */
export interface QueueNumbers {
  readonly kind: string;
  readonly demand: number;
  readonly lanes: readonly {
    readonly priority: 'urgent' | 'normal';
    readonly undelivered: number;
    readonly running: number;
    readonly waiting: number;
    readonly oldestUndeliveredMs: number | null;
  }[];
  readonly deadLetters: { readonly total: number; readonly oldestAt: string | null };
}

/** A camera, as `GET /api/v1/cameras` tells it. */
export interface CameraItem {
  readonly cctvId: string;
  readonly name: string | null;
  readonly location: { readonly lat: number; readonly lon: number } | null;
  readonly bearing: number | null;
  readonly road: string | null;
  readonly tags: readonly string[];
  readonly recorded: boolean;
  readonly scheduled: boolean;
  readonly inspection: {
    readonly finishedAt: string | null;
    readonly road: { readonly verdict: string | null; readonly reason: string | null };
    readonly damage: { readonly verdict: string | null; readonly worstSeverity: string | null };
  } | null;
  readonly risk: { readonly risk: number; readonly trend: string; readonly urgent: boolean } | null;
  readonly failing: (Reason & { readonly since: string }) | null;
  readonly down: (Reason & { readonly since: string }) | null;
  readonly lastClear: { readonly at: string; readonly picture: string } | null;
  readonly stale: boolean;
}

/** How many cameras are in each state. */
export interface CameraCounts {
  readonly all: number;
  readonly failing: number;
  readonly down: number;
  readonly stale: number;
}

/** A page of cameras. */
export interface CameraPage {
  readonly items: readonly CameraItem[];
  readonly next: string | null;
  readonly counts: CameraCounts;
}

/** Findings in numbers, as `GET /api/v1/findings/counts` tells them. */
export interface FindingCounts {
  readonly toReview: number;
  readonly bySeverity: Readonly<Record<string, number>>;
  /** What is to be looked at, by camera. */
  readonly byCamera?: Readonly<Record<string, { readonly toReview: number; readonly worst: string | null } | number>>;
  readonly newSince24h: number;
  readonly grownSince24h: number;
  readonly goneSince24h: number;
}

/** One part of the service, as `GET /health` tells it. */
export interface HealthPart {
  readonly status: 'up' | 'degraded' | 'down';
  readonly message?: string;
  readonly [more: string]: unknown;
}

/** How loud the state of a part or of a worker is. */
export const STATE_TONES: Readonly<Record<string, Tone>> = {
  ...{ up: 'good', degraded: 'note', down: 'bad' },
  ...{ running: 'good', paused: 'note', draining: 'note', gone: 'bad' },
};
