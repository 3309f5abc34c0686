import type { Tone } from '../../parts/badge.js';

/** What a job may be doing, in the order of its life. */
export const STATES = ['running', 'waiting', 'queued', 'completed', 'failed', 'cancelled'] as const;
export type JobState = (typeof STATES)[number];

/** How loud each state is. */
export const TONES: Readonly<Record<string, Tone>> = { running: 'good', waiting: 'note', failed: 'bad', retry: 'note' };

/** A job in a list, as `GET /api/v1/jobs` tells it. */
export interface JobSummary {
  readonly id: string;
  readonly kind: string;
  readonly cctvId: string | null;
  readonly state: JobState;
  readonly priority: 'normal' | 'urgent' | null;
  readonly attempt: number | null;
  readonly worker: string | null;
  readonly queuedAt: string | null;
  readonly finishedAt: string | null;
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly tracked: boolean;
}

/** A run that is over. */
export interface PastRun {
  readonly attempt: number;
  readonly worker: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly outcome: 'completed' | 'failed' | 'cancelled' | 'retry' | 'snooze' | 'release';
  readonly code: string | null;
  readonly message: string | null;
  readonly step: string | null;
  readonly steps: readonly { readonly step: string; readonly durationMs: number }[];
}

/** A job, as `GET /api/v1/jobs/{id}` tells it. */
export interface Job extends Omit<JobSummary, 'failure' | 'tracked' | 'attempt'> {
  readonly attempt: number;
  readonly maxAttempts: number | null;
  readonly progress: number;
  readonly step: string | null;
  readonly steps: readonly string[];
  readonly message: string | null;
  readonly waiting: { readonly code: string; readonly message: string; readonly until: string } | null;
  readonly failure: { readonly code: string; readonly message: string; readonly letter: string | null } | null;
  readonly result: Readonly<Record<string, string | number | boolean>> | null;
  readonly artifacts: readonly {
    readonly name: string;
    readonly href: string;
    readonly thumbnail: string | null;
  }[];
  readonly runs: readonly PastRun[];
  readonly startedAt: string | null;
}

/** The queue of a kind, as `GET /api/v1/queue` tells it. */
export interface Queue {
  readonly kind: string;
  readonly lanes: readonly { readonly undelivered: number; readonly running: number; readonly waiting: number }[];
  readonly deadLetters: {
    readonly total: number;
    readonly byCode: Readonly<Record<string, number>>;
    readonly oldestAt: string | null;
  };
}

/** What a job tells when it has come further. */
export const CHANGES = ['queued', 'started', 'waiting', 'completed', 'failed', 'cancelled'].map(
  (each) => `job.${each}`,
);
