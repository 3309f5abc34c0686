/** One thing that was looked at, and what to do about it. */
export interface Diagnosis {
  /** For example `redis`. */
  subject: string;
  /** `fail`: the service cannot work so. `warn`: it can, but probably not as meant. */
  level: 'ok' | 'warn' | 'fail';
  /** A sentence; when not ok, what to do. */
  message: string;
}

/** All is well with the subject; the message says what was found. */
export const ok = (subject: string, message: string): Diagnosis => ({ subject, level: 'ok', message });

/** The service works so, but probably not as meant; the message says what to do. */
export const warn = (subject: string, message: string): Diagnosis => ({ subject, level: 'warn', message });

/** The service cannot work so; the message says what to do. */
export const fail = (subject: string, message: string): Diagnosis => ({ subject, level: 'fail', message });
