import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** A name by which Redis knows one reader or owner: unique to the process and the call, and people see the machine in it. */
export function consumerName(): string {
  return `${hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`;
}
