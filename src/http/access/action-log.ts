import type { Caller } from './caller.js';

/** Who did something, and what came of it. */
export interface Action {
  /** Empty when nobody knows: somebody came with a wrong token. */
  readonly name: string;
  readonly role: Caller['role'] | '';
  readonly via: Caller['via'];
  /** The address that the call came from. */
  readonly from: string;
  /** Method and path, without the query. */
  readonly call: string;
  /** What it was answered with; 499: the client left before. */
  readonly status: number;
}

/** Keeps what callers did. */
export abstract class ActionLog {
  /** Returns at once and never fails: what only tells of a call must not be able to harm it. */
  abstract note(action: Action): void;
}
