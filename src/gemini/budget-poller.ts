import type { Budgets } from './budget/budgets.js';
import type { KeyStates } from './key-states.js';

/**
 * Looks at the shared budgets now and then while something is short, so that nobody goes by what was true a while ago;
 * rests while all is well. Never asks Google.
 */
export class BudgetPoller {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly budgets: Budgets,
    private readonly states: KeyStates,
    private readonly onSeen: () => void,
    private readonly everyMs: number,
  ) {}

  /** Looks once, so that a worker that has just started knows what the others found out. */
  start(): void {
    void this.look();
  }

  /** Something was heard: watches on if that was not all good. */
  wake(): void {
    if (this.stopped || this.timer !== undefined || !this.states.isShort) return;
    this.timer = setTimeout(() => void this.look(), this.everyMs).unref();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async look(): Promise<void> {
    // While Redis is away what was heard last has to do.
    await Promise.all(this.states.models.map((model) => this.lookAt(model))).catch(() => undefined);
    // Whoever woke us meanwhile has set another one.
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.stopped) return;
    this.onSeen();
    this.wake();
  }

  private async lookAt(model: string): Promise<void> {
    const tokens = this.states.tokensOf(model);
    this.states.see(model, tokens, await this.budgets.look({ model, tokens }));
  }
}
