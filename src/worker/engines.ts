import { InvalidJobError } from '../job/errors.js';
import type { JobKind } from '../job/kind.js';
import type { Engine } from './engine.js';
import type { QueueMonitor } from './queue-monitor.js';

/** An engine that runs in this process, and whose jobs it runs. */
export interface RunningEngine {
  readonly kind: JobKind;
  /** The consumer group it is a member of. */
  readonly group: string;
  readonly engine: Engine;
  readonly monitor: QueueMonitor;
}

/** The engines of this process: one for each kind of job that it runs, or none. */
export class Engines {
  constructor(readonly all: readonly RunningEngine[]) {}

  /** The one that calls without a kind mean: the inspections', else the only one that runs. */
  get main(): RunningEngine | undefined {
    return this.get('inspection') ?? this.all[0];
  }

  get(kind: JobKind): RunningEngine | undefined {
    return this.all.find((running) => running.kind === kind);
  }

  /**
   * The engine of a kind; without a kind the main one.
   * @throws InvalidJobError KIND_NOT_HERE
   */
  one(kind: JobKind | undefined): RunningEngine {
    const found = kind === undefined ? this.main : this.get(kind);
    if (found === undefined) throw this.notHere(kind);
    return found;
  }

  /**
   * The engine of a kind; without a kind all of them.
   * @throws InvalidJobError KIND_NOT_HERE
   */
  meant(kind: JobKind | undefined): readonly [RunningEngine, ...RunningEngine[]] {
    if (kind !== undefined) return [this.one(kind)];
    const [first, ...others] = this.all;
    if (first === undefined) throw this.notHere(kind);
    return [first, ...others];
  }

  private notHere(kind: JobKind | undefined): InvalidJobError {
    const wanted = kind === undefined ? 'jobs' : `${kind} jobs`;
    const here = this.all.length === 0 ? 'none' : this.all.map((running) => running.kind).join(', ');
    const sentence = `This process does not run ${wanted} (it runs: ${here}): ask one whose ROLES include them.`;
    return new InvalidJobError('KIND_NOT_HERE', sentence);
  }
}
