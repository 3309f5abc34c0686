/** Variables of earlier versions, and what holds in their place: warned about for a release, then forgotten. */
const REMOVED: Readonly<Record<string, string>> = {
  ASSESS_MAX_RETRY: 'REDIS_MAX_RETRY holds for every kind of job',
  ASSESS_TIMEOUT_SECONDS: 'JOB_TIMEOUT_SECONDS holds for every kind of job',
  CAPTURE_FRAME_PAIRS: '30 pairs of frames are taken',
  DAMAGE_MODEL_OVERLAP: 'boxes that overlap by more than 0.45 are one',
  GEMINI_INLINE_MAX_MB: 'videos above 3 MB are uploaded first',
  RISK_HALF_LIFE_HOURS: 'an assessment weighs half after 6 hours',
  SCHEDULE_CATCH_UP: '3 missed segments of a camera are made up for',
};

/** A warning for each variable that an earlier version read. */
export function findRemoved(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(REMOVED).flatMap(([name, instead]) =>
    (env[name] ?? '') === '' ? [] : [`${name} is no setting any more: ${instead}. It was ignored; remove it.`],
  );
}

/** Whether an earlier version read a variable. */
export function wasRemoved(name: string): boolean {
  return name in REMOVED;
}
