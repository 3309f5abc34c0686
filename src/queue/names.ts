/**
 * The consumer that owns entries nobody works on: they wait for a retry or for any worker. So a worker's own pending
 * list holds exactly the jobs it runs, and `XINFO CONSUMERS` shows how many wait.
 */
export const WAITING_CONSUMER = 'waiting';

/** Prefix of the fields that we add when an entry has to be written again; producers never see or set them. */
export const ENVELOPE = 'roadstream:';
