import { randomUUID } from 'node:crypto';
import { messageOf, RateLimitedError, type JobError } from '../../job/errors.js';
import { redactText } from '../../lib/redact.js';
import { RedisRefusedError } from '../../redis/refusal/redis-refused.error.js';
import type { Link } from '../../redis/link.js';
import type { GeminiKey } from '../gemini-api.js';
import { pacificDays } from './pacific-days.js';
import { projectsOf, type BudgetedKey, type Project } from './projects.js';
import { budgetKeys, retiredKey } from './keys.js';
import { defineBudgetScripts, REDIS_CLOCK, runBudgetScript, type BudgetScript } from './scripts.js';
import { orLate } from '../../lib/deadline.js';

/** Room for one request, taken from a project's budget. It counts until {@link Budgets.settle} or long after. */
export interface Reservation {
  readonly id: string;
  readonly model: string;
  readonly key: GeminiKey;
  /** What it was reserved with. */
  readonly tokens: number;
}

/** How the projects stand for one model. */
export interface BudgetStanding {
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

/** How requests are counted. */
export interface BudgetSettings {
  readonly keys: readonly BudgetedKey[];
  /** A request may take so long from its reservation on; then its worker is taken for dead. ms */
  readonly longestRequestMs: number;
  /** The minute in which Google counts requests. ms */
  readonly windowMs?: number;
  /** Requests count for so much longer than that, since clocks are set now and then. ms */
  readonly marginMs?: number;
  /** Lua that sets `now`, ms since the epoch, in place of the clock of Redis; and a clock to find the days by. For tests. */
  readonly clock?: string;
  readonly dayOf?: () => number;
}

const WINDOW_MS = 60_000;
const MARGIN_MS = 500;
/** A refused key is tried again after so long: it costs one request, and somebody may have put it right at Google. */
const RETIRED_MS = 3_600_000;
/** Redis answers a script at once, or is away. ms */
const PATIENCE_MS = 5_000;
/** While Redis is away jobs come again so often. ms */
const COME_AGAIN_MS = 5_000;

/**
 * The budgets of all projects, shared by all workers: whoever wants to ask reserves first.
 *
 * However late a request arrives: a reservation counts from when it was made until a whole minute after it was settled,
 * by which time the request has been answered. So the requests that arrive at Google within any minute were all
 * reserved at one moment, and are no more than the project's limit.
 *
 * @throws RateLimitedError `GEMINI_BUDGETS_AWAY` while the place where they are kept cannot be reached
 *
 * The budgets in Redis, by its clock: one script looks at every project of a model and reserves.
 */
export class Budgets {
  private readonly projects: readonly Project[];
  private readonly keys: readonly GeminiKey[];
  private readonly countsMs: number;
  /** Keys of one project take turns. */
  private turn = 0;

  constructor(
    private readonly link: Link,
    private readonly settings: BudgetSettings,
  ) {
    this.projects = projectsOf(settings.keys);
    this.keys = this.projects.flatMap(({ keys }) => keys);
    this.countsMs = (settings.windowMs ?? WINDOW_MS) + (settings.marginMs ?? MARGIN_MS);
    defineBudgetScripts(link.connection, settings.clock ?? REDIS_CLOCK);
  }

  /** Reserves one request from the project that has the largest part of its budget left; undefined when none has room. */
  async reserve(wish: Wish): Promise<{ reservation: Reservation | undefined; standing: BudgetStanding }> {
    const id = randomUUID();
    const asked = this.ask(id, wish);
    try {
      const reply = await this.soon(asked);
      const standing = this.toStanding(reply);
      const project = this.projects[reply[0] - 1];
      if (project === undefined) return { reservation: undefined, standing };
      return { reservation: this.toReservation(id, wish, project, standing), standing };
    } catch (error) {
      this.giveBackWhenItComes(asked, id, wish.model);
      throw error;
    }
  }

  /** How the projects stand, without reserving anything. */
  async look(wish: Wish): Promise<BudgetStanding> {
    return this.toStanding(await this.soon(this.ask('', wish)));
  }

  /** The request has ended, well or badly. @param tokens what it really used, as far as is known */
  async settle({ id, model, key }: Reservation, tokens: number): Promise<void> {
    const keys = budgetKeys(model, key.project);
    await this.run('settle', keys, [id, Math.ceil(tokens), this.countsMs]);
  }

  /** The request was never sent: it does not count. */
  async giveBack({ id, model, key }: Reservation): Promise<void> {
    await this.run('give_back', budgetKeys(model, key.project), [id]);
  }

  /** Google wants to hear nothing from a project about a model for a while. */
  async park(model: string, project: string, pause: Pause, said = ''): Promise<void> {
    await this.run('park', budgetKeys(model, project), [pause === 'until tomorrow' ? -1 : Math.ceil(pause), said]);
  }

  /** Google refused a key: nobody uses it for a while. A corrected key of the same id is another one. */
  async retire(key: GeminiKey, said = ''): Promise<void> {
    await this.link.connection.set(retiredKey(key), said, 'PX', RETIRED_MS);
  }

  /** Says goodbye to where the budgets are kept. */
  async close(): Promise<void> {
    await this.link.close();
  }

  private async ask(id: string, { model, tokens, without }: Wish): Promise<ReserveReply> {
    await this.link.up();
    const { projects, keys, countsMs } = this;
    const heldMs = this.settings.longestRequestMs + countsMs;
    const limits = projects.flatMap(({ name, rpm, tpm, rpd }) => [rpm, tpm, rpd, without?.has(name) === true ? 1 : 0]);
    const places = keys.map(({ project }) => 1 + projects.findIndex(({ name }) => name === project));
    return (await this.run(
      'reserve',
      [...projects.flatMap(({ name }) => budgetKeys(model, name)), ...keys.map(retiredKey)],
      [id, Math.ceil(tokens), countsMs, heldMs, projects.length, ...limits, ...places],
    )) as ReserveReply;
  }

  private run(name: BudgetScript, keys: string[], args: (string | number)[]) {
    return runBudgetScript(this.link.connection, name, keys, [...pacificDays(this.aboutNow()), ...args]);
  }

  /** Only to list the days that Redis chooses from by its own clock. */
  private aboutNow(): number {
    return this.settings.dayOf?.() ?? Date.now();
  }

  private toReservation(
    id: string,
    { model, tokens }: Wish,
    project: Project,
    { retired }: BudgetStanding,
  ): Reservation {
    const usable = project.keys.filter((key) => !retired.has(key.id));
    const key = usable[this.turn++ % usable.length] as GeminiKey;
    return { id, model, key, tokens };
  }

  private toStanding([, opensInMs, parked, retired, ofProjects, ofKeys]: ReserveReply): BudgetStanding {
    const parkedFor = this.projects.map(({ name }, p): [string, number] => [name, parked[p] ?? 0]);
    const refused = this.keys.filter((_, k) => retired[k] === 1).map(({ id }) => id);
    const said = [
      ...this.projects.map(({ name }, p): [string, string] => [name, String(ofProjects[p] ?? '')]),
      ...this.keys.map(({ id }, k): [string, string] => [id, String(ofKeys[k] ?? '')]),
    ];
    return {
      said: new Map(said.filter(([, words]) => words !== '')),
      opensInMs: opensInMs < 0 ? undefined : opensInMs,
      parked: new Map(parkedFor.filter(([, ms]) => ms > 0)),
      retired: new Set(refused),
    };
  }

  /** The answer, or that there is none: nobody's job waits here for a Redis that hangs. */
  private soon(asked: Promise<ReserveReply>): Promise<ReserveReply> {
    const late = (): never => {
      throw new Error('no answer');
    };
    return orLate(PATIENCE_MS, asked, late).catch((error: unknown) => {
      throw away(error);
    });
  }

  /** A command that was on its way when Redis went may still be carried out, for nobody. */
  private giveBackWhenItComes(asked: Promise<ReserveReply>, id: string, model: string): void {
    asked
      .then(([number]) => this.projects[number - 1])
      .then((project) => project && this.run('give_back', budgetKeys(model, project.name), [id]))
      .catch(() => undefined);
  }
}

/** What the script `reserve` answers; `project` counts from 1, 0 is none. */
type ReserveReply = [
  project: number,
  opensInMs: number,
  parked: number[],
  retired: number[],
  saidOfProjects: Buffer[],
  saidOfKeys: Buffer[],
];

/** Nothing was sent and nothing is wrong with the job: it comes again, and no attempt is spent. */
function away(error: unknown): JobError {
  if (error instanceof RedisRefusedError) return error;
  const reason = redactText(messageOf(error));
  const sentence = `The budgets of the Gemini keys are in Redis, which cannot be reached (${reason}): check REDIS_URL.`;
  return new RateLimitedError('GEMINI_BUDGETS_AWAY', sentence, COME_AGAIN_MS, { step: 'gemini', cause: error });
}
