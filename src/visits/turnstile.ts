/** Lets some through at once; the others wait in their order. What is read into memory meanwhile has a bound by it. */
export class Turnstile {
  private inside = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly most: number) {}

  /** Does something as soon as there is room. @throws what the work throws */
  async through<T>(work: () => Promise<T>): Promise<T> {
    // Who leaves hands the place to the next one, so that nobody is overtaken.
    if (this.inside >= this.most) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.inside++;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.inside--;
      else next();
    }
  }
}
