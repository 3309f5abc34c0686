import { setTimeout as after } from 'node:timers/promises';
import { MACHINE_CLOCK, type Clock } from '../../lib/clock.js';
import { PermanentStepError, RateLimitedError } from '../../job/errors.js';
import type { FileState } from '../../capture/segment/segment-folder.js';

/** How long a file has to stand still, and how long that is waited for. Times in ms. */
export interface SteadySettings {
  /** Finished when size and time have not changed for so long. */
  readonly stableMs: number;
  /** After so long the job gives its slot back. */
  readonly limitMs: number;
  /** A job that is older while its file still grows is given up. */
  readonly giveUpAfterMs: number;
  /** By which the age of a job is told. */
  readonly clock?: Clock;
}

/** What was last written to longer ago is not watched: no two clocks are that far apart. */
const LONG_AGO_MS = 60_000;
const LOOK_EVERY_MS = 1_000;
/** Growing files are looked at again after so long, without a slot. */
const LONGEST_SNOOZE_MS = 60_000;
const SHORTEST_SNOOZE_MS = 1_000;

/**
 * Waits until a file has been written to the end, as far as can be told: not empty, and unchanged for a while.
 *
 * @param look at the file
 * @param enqueuedAt of the job, ms since the epoch
 * @throws RateLimitedError SEGMENT_GROWING when it still changes after the limit
 * @throws PermanentStepError SEGMENT_NEVER_STEADY when it does so although the job is old
 * @throws what `look` throws; the signal's reason
 */
export async function steady(
  look: () => Promise<FileState>,
  enqueuedAt: number,
  settings: SteadySettings,
  signal: AbortSignal,
): Promise<FileState> {
  const began = performance.now();
  let state = await look();
  let since = began;
  const lookEveryMs = Math.min(LOOK_EVERY_MS, Math.max(10, settings.stableMs / 4));
  while (!isSteady(state, performance.now() - since, settings)) {
    if (performance.now() - began >= settings.limitMs) throw stillGrowing(enqueuedAt, settings);
    await after(lookEveryMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    const next = await look();
    if (next.bytes !== state.bytes || next.changedAt !== state.changedAt) since = performance.now();
    state = next;
  }
  return state;
}

function isSteady({ bytes, changedAt }: FileState, unchangedForMs: number, { stableMs }: SteadySettings): boolean {
  if (bytes === 0) return false;
  return unchangedForMs >= stableMs || Date.now() - changedAt >= stableMs + LONG_AGO_MS;
}

function stillGrowing(enqueuedAt: number, { limitMs, giveUpAfterMs, clock = MACHINE_CLOCK }: SteadySettings): Error {
  if (clock.now() - enqueuedAt >= giveUpAfterMs) {
    const minutes = Math.round(giveUpAfterMs / 60_000);
    const text = `The video is still being written to, or empty, ${minutes} min after its job was queued; look at its recorder.`;
    return new PermanentStepError('SEGMENT_NEVER_STEADY', text);
  }
  const snoozeMs = Math.min(LONGEST_SNOOZE_MS, Math.max(SHORTEST_SNOOZE_MS, limitMs));
  return new RateLimitedError('SEGMENT_GROWING', 'The video is still being written to; the job waits.', snoozeMs);
}
