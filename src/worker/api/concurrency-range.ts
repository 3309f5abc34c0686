/** The lowest and highest number of jobs at once. */
export const CONCURRENCY_RANGE = { min: 1, max: 64 } as const;
