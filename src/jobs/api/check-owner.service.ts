import type { Request } from 'express';
import { callerOf } from '../../http/access/caller.js';
import { InvalidJobError } from '../../job/errors.js';
import type { JobDesk } from '../job-desk.js';

/**
 * A client knows of its own jobs only: of others it is told that there are none. Others with a role may see all.
 * @throws InvalidJobError JOB_UNKNOWN
 */
export async function checkOwner(desk: JobDesk, id: string, request: Request): Promise<void> {
  const caller = callerOf(request);
  if (caller?.role !== 'client' || (await desk.ownerOf(id)) === caller.name) return;
  throw new InvalidJobError('JOB_UNKNOWN', `You asked for no job ${id}.`);
}
