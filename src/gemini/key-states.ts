import type { BudgetStanding } from './budget/budgets.js';
import type { GeminiKey } from './gemini-api.js';

/** How a key stands, as far as this worker knows. */
export interface KeyState {
  /** Its name, never the secret. */
  readonly id: string;
  readonly project: string;
  /** `parked`: Google wants to hear nothing from its project for a while. `retired`: Google refused the key itself. */
  readonly state: 'ok' | 'parked' | 'retired';
  /** Until when it is parked, ms since the epoch. */
  readonly until?: number;
  /** What Google said of it, if it did. */
  readonly said?: string;
}

interface Seen {
  readonly at: number;
  /** What it was looked at with. */
  readonly tokens: number;
  readonly standing: BudgetStanding;
}

/**
 * What this worker last heard of the keys and their budgets. Costs nothing to ask, and is as old as the last reservation
 * or look. Times are those of this worker's clock: the shared budgets decide, this only tells.
 */
export class KeyStates {
  private readonly seen = new Map<string, Seen>();

  /**
   * @param keys none when Gemini is off
   * @param models that this service asks
   */
  constructor(
    readonly keys: readonly Pick<GeminiKey, 'id' | 'project'>[],
    readonly models: readonly string[],
  ) {}

  see(model: string, tokens: number, standing: BudgetStanding): void {
    this.seen.set(model, { at: Date.now(), tokens, standing });
  }

  get list(): KeyState[] {
    const now = Date.now();
    return this.keys.map(({ id, project }) => {
      if (this.isRetired(id)) return { id, project, state: 'retired', ...this.saidOf(id) };
      const until = this.parkedUntil(project);
      return until > now
        ? { id, project, state: 'parked', until, ...this.saidOf(project) }
        : { id, project, state: 'ok' };
    });
  }

  /** Whether Google refused every key there is. */
  get allRetired(): boolean {
    return this.keys.length > 0 && this.keys.every(({ id }) => this.isRetired(id));
  }

  /**
   * When the first model has budget again, ms since the epoch; undefined while one has some, or while it is not known of
   * every model that it has none: a model that has budget is not to wait for one that has not.
   */
  get shutUntil(): number | undefined {
    const until = Math.min(...this.models.map((model) => this.opensAt(model)));
    return until > Date.now() ? until : undefined;
  }

  /** Whether no model has budget although a key is good: it comes back by itself. */
  get isSpent(): boolean {
    return !this.allRetired && this.shutUntil !== undefined;
  }

  /** Whether something is short, so that it is worth to look again. */
  get isShort(): boolean {
    const isShut = this.models.some((model) => this.opensAt(model) > Date.now());
    return isShut || this.list.some(({ state }) => state !== 'ok');
  }

  /** What a model was last asked for. */
  tokensOf(model: string): number {
    return this.seen.get(model)?.tokens ?? 1;
  }

  private opensAt(model: string): number {
    const seen = this.seen.get(model);
    if (seen === undefined) return 0;
    return seen.at + (seen.standing.opensInMs ?? ALL_RETIRED_MS);
  }

  private saidOf(name: string): { said?: string } {
    const latest = [...this.seen.values()].sort((a, b) => b.at - a.at);
    const said = latest.map(({ standing }) => standing.said?.get(name)).find((words) => words !== undefined);
    return said === undefined ? {} : { said };
  }

  private isRetired(id: string): boolean {
    const last = [...this.seen.values()].sort((a, b) => b.at - a.at)[0];
    return last?.standing.retired.has(id) === true;
  }

  private parkedUntil(project: string): number {
    const ends = [...this.seen.values()].map(({ at, standing }) => at + (standing.parked.get(project) ?? 0));
    return Math.max(0, ...ends);
  }
}

/** While Google refuses every key nobody knows how long; jobs come again so often to see whether one was corrected. ms */
export const ALL_RETIRED_MS = 300_000;
