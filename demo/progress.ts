/** A job in hand, as `/worker/status` shows it. */
interface JobInHand {
  jobId: string;
  step?: string;
  ageMs?: number;
}

/** Tells how jobs go on: one line whenever a job enters another step. */
export class Progress {
  private readonly steps = new Map<string, string>();

  constructor(
    private readonly url: string,
    private readonly say: (line: string) => void,
  ) {}

  /** Asks the worker and tells what is new. A worker that does not answer now is asked again later. */
  async look(): Promise<void> {
    for (const { jobId, step, ageMs } of await this.jobsInHand()) {
      if (!step || this.steps.get(jobId) === step) continue;
      this.steps.set(jobId, step);
      const age = ageMs === undefined ? '' : ` (after ${(ageMs / 1_000).toFixed(1)} s)`;
      this.say(`  ${jobId}: ${step}${age}`);
    }
  }

  private async jobsInHand(): Promise<JobInHand[]> {
    try {
      const answer = await fetch(`${this.url}/worker/status`, { signal: AbortSignal.timeout(2_000) });
      const { jobs } = (await answer.json()) as { jobs?: JobInHand[] };
      return jobs ?? [];
    } catch {
      return [];
    }
  }
}
