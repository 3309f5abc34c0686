/** Something that may forbid to claim jobs for a while. */
export interface Gate {
  /** Why no job may be claimed now, as a sentence for the operator; undefined when it may. */
  closed(): string | undefined;
}

/** Decides whether new jobs may be claimed. Held back means: not claimed, so that another worker may take them. */
export class Admission {
  constructor(private readonly gates: readonly Gate[]) {}

  /** Why nothing is claimed; empty when jobs are. */
  reasons(): string[] {
    return this.gates.flatMap((gate) => gate.closed() ?? []);
  }

  get open(): boolean {
    return this.gates.every((gate) => gate.closed() === undefined);
  }
}

/** The pause button of the whole group, as the last look at Redis saw it. */
export class GroupPauseGate implements Gate {
  private paused = false;

  get isPaused(): boolean {
    return this.paused;
  }

  note(paused: boolean): void {
    this.paused = paused;
  }

  closed(): string | undefined {
    return this.paused ? 'The whole group is paused; POST /control/resume?scope=group goes on.' : undefined;
  }
}

/** The operator's pause button for this worker. */
export class PauseGate implements Gate {
  private paused = false;

  get isPaused(): boolean {
    return this.paused;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  closed(): string | undefined {
    return this.paused ? 'Paused by an operator; POST /control/resume goes on.' : undefined;
  }
}
