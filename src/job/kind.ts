/** The kinds of jobs that this service knows: each has streams, a group, a handler and slots of its own. */
export const JOB_KINDS = ['inspection', 'assessment'] as const;

export type JobKind = (typeof JOB_KINDS)[number];
