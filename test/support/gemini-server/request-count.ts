/** How many requests a project made, by when they came. */
export class RequestCount {
  private readonly times = new Map<string, number[]>();

  constructor(private readonly minuteMs: number) {}

  /** ms since the epoch, in order. */
  timesOf(project: string): readonly number[] {
    return this.times.get(project) ?? [];
  }

  add(project: string, at: number): void {
    this.times.set(project, [...this.timesOf(project), at]);
  }

  /** Requests within the minute before `at`. */
  within(project: string, at: number): number {
    return this.timesOf(project).filter((time) => time > at - this.minuteMs).length;
  }

  /** The most requests within any minute, wherever it begins. */
  most(project: string): number {
    const times = this.timesOf(project);
    const inMinuteFrom = (from: number) => times.filter((time) => time >= from && time < from + this.minuteMs).length;
    return Math.max(0, ...times.map(inMinuteFrom));
  }
}
