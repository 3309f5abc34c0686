import type { GeminiKey } from '../gemini-api.js';

/** Room for one request, taken from a project's budget. It counts until {@link Budgets.settle} or long after. */
export interface Reservation {
  readonly id: string;
  readonly model: string;
  readonly key: GeminiKey;
  /** What it was reserved with. */
  readonly tokens: number;
}

/** How the projects stand for one model. */
export interface Standing {
  /** ms until some project has budget, 0: now; undefined: every key was refused, so nobody knows. */
  readonly opensInMs: number | undefined;
  /** Projects that Google wants to hear nothing from, and for how long, ms. */
  readonly parked: ReadonlyMap<string, number>;
  /** Ids of keys that Google refused. */
  readonly retired: ReadonlySet<string>;
  /** What Google said of them, by the id of the key or the name of the project; not of all. */
  readonly said?: ReadonlyMap<string, string>;
}

/** What is wanted from the budgets. */
export interface Wish {
  readonly model: string;
  /** The tokens expected. More than a project's limit: it has to be without any other request then. */
  readonly tokens: number;
  /** Projects that are not asked for, whatever is left of them. */
  readonly without?: ReadonlySet<string>;
}

/** How long a project is left alone: ms, or until its budget of the day begins anew. */
export type Pause = number | 'until tomorrow';

/**
 * The budgets of all projects, shared by all workers: whoever wants to ask reserves first.
 *
 * However late a request arrives: a reservation counts from when it was made until a whole minute after it was settled,
 * by which time the request has been answered. So the requests that arrive at Google within any minute were all
 * reserved at one moment, and are no more than the project's limit.
 *
 * @throws RateLimitedError `GEMINI_BUDGETS_AWAY` while the place where they are kept cannot be reached
 */
export abstract class Budgets {
  /** Reserves one request from the project that has the largest part of its budget left; undefined when none has room. */
  abstract reserve(wish: Wish): Promise<{ reservation: Reservation | undefined; standing: Standing }>;

  /** The request has ended, well or badly. @param tokens what it really used, as far as is known */
  abstract settle(reservation: Reservation, tokens: number): Promise<void>;

  /** The request was never sent: it does not count. */
  abstract giveBack(reservation: Reservation): Promise<void>;

  /** Google wants to hear nothing from a project about a model for a while. */
  abstract park(model: string, project: string, pause: Pause, said?: string): Promise<void>;

  /** Google refused a key: nobody uses it for a while. A corrected key of the same id is another one. */
  abstract retire(key: GeminiKey, said?: string): Promise<void>;

  /** How the projects stand, without reserving anything. */
  abstract look(wish: Wish): Promise<Standing>;

  /** Says goodbye to where the budgets are kept. */
  abstract close(): Promise<void>;
}
