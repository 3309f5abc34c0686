import { InvalidJobError } from '../job/errors.js';
import { unknownKind, type KindSpec } from '../job/kind.js';
import type { Engine } from './engine.js';
import type { QueueMonitor } from './watch/queue-monitor.js';

/** An engine that runs in this process, and whose jobs it runs. */
export interface RunningEngine {
  readonly spec: KindSpec;
  readonly engine: Engine;
  readonly monitor: QueueMonitor;
}

/** The engines of this process: one for each kind of job that it runs, or none. */
export class Engines {
  /** @param kinds the names of all that there are */
  constructor(
    readonly all: readonly RunningEngine[],
    private readonly kinds: readonly string[],
  ) {}

  /** The one that calls without a kind mean: the first. */
  get main(): RunningEngine | undefined {
    return this.all[0];
  }

  private get(kind: string): RunningEngine | undefined {
    return this.all.find((running) => running.spec.kind === kind);
  }

  /**
   * The engine of a kind; without a kind the main one.
   * @throws InvalidJobError KIND_NOT_HERE, KIND_UNKNOWN
   */
  one(kind: string | undefined): RunningEngine {
    const found = kind === undefined ? this.main : this.get(kind);
    if (found === undefined) throw this.notHere(kind);
    return found;
  }

  /**
   * The engine of a kind; without a kind all of them.
   * @throws InvalidJobError KIND_NOT_HERE, KIND_UNKNOWN
   */
  meant(kind: string | undefined): readonly [RunningEngine, ...RunningEngine[]] {
    if (kind !== undefined) return [this.one(kind)];
    const [first, ...others] = this.all;
    if (first === undefined) throw this.notHere(kind);
    return [first, ...others];
  }

  private notHere(kind: string | undefined): InvalidJobError {
    if (kind !== undefined && !this.kinds.includes(kind)) return unknownKind(this.kinds);
    const wanted = kind === undefined ? 'jobs' : `${kind} jobs`;
    const here = this.all.length === 0 ? 'none' : this.all.map((running) => running.spec.kind).join(', ');
    const sentence = `This process does not run ${wanted} (it runs: ${here}): ask one whose ROLES include them.`;
    return new InvalidJobError('KIND_NOT_HERE', sentence);
  }
}
