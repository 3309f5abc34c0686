import type { NamedJob } from '../src/artifacts/artifact-names.js';
import type { JobView } from '../src/jobs/job-view.js';

const PATIENCE_MS = 5_000;
/** So many lines tell of a job's progress, beside those for its steps. */
const LINES_PER_JOB = 5;

/** What the demo asks for. */
export interface Order {
  jobId: string;
  cctvId: string;
  hls: string;
  /** s */
  sec: number;
}

/** A job that was asked for, by what its artifacts are named after. */
export interface SampleJob extends NamedJob {
  hls: string;
}

/** The jobs of the demo, asked for as any client would: over HTTP. */
export class DemoJobs {
  /** What was said of each last. */
  private readonly told = new Map<string, string>();

  constructor(
    private readonly url: string,
    private readonly say: (line: string) => void,
  ) {}

  /** Asks for a job under its name. @throws when it is refused */
  async ask({ jobId, ...body }: Order): Promise<SampleJob> {
    const { cctvId, hls } = body;
    const { queuedAt } = await this.call('PUT', jobId, body);
    return { jobId, cctvId, hls, enqueuedAt: Date.parse(queuedAt ?? '') };
  }

  /** A job as it is now; says what is new of it. */
  async look(jobId: string): Promise<JobView> {
    const job = await this.call('GET', jobId);
    const { state, step, progress, message } = job;
    const where = `${state}${step === null ? '' : ` ${step}`}`;
    const line = `  ${jobId}: ${percent(progress)} ${where}${message === null ? '' : `, ${message}`}`;
    const stage = `${where} ${Math.floor(progress * LINES_PER_JOB)}`;
    if (this.told.get(jobId) !== stage) this.say(line);
    this.told.set(jobId, stage);
    return job;
  }

  private async call(method: string, jobId: string, body?: object): Promise<JobView> {
    const answer = await fetch(`${this.url}/api/v1/jobs/${jobId}`, {
      method,
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...(body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${jobId} was answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as JobView;
  }
}

function percent(progress: number): string {
  return `${Math.round(progress * 100)} %`.padStart(5);
}
