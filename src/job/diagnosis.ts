/** One thing that was looked at, and what to do about it. */
export interface Diagnosis {
  /** For example `redis`. */
  subject: string;
  /** `fail`: the service cannot work so. `warn`: it can, but probably not as meant. */
  level: 'ok' | 'warn' | 'fail';
  /** A sentence; when not ok, what to do. */
  message: string;
}

export const ok = (subject: string, message: string): Diagnosis => ({ subject, level: 'ok', message });
export const warn = (subject: string, message: string): Diagnosis => ({ subject, level: 'warn', message });
export const fail = (subject: string, message: string): Diagnosis => ({ subject, level: 'fail', message });
