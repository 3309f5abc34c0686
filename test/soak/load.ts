import { setTimeout as after } from 'node:timers/promises';
import { SMALL_CAMERAS } from '../../bench/soak/stage.js';
import type { Random } from '../chaos/random.js';
import type { Endings } from './endings.js';
import { ASSESS, type Stage } from './stage.js';

/** Jobs that were accepted and have not ended; more are not queued. */
const MOST_OPEN = 12;
const LOOK_EVERY_MS = 100;
/** Twice as many as there are slots. */
const LAP = 12;
/** s of video a job watches: the fewest frames that make a background take no longer. */
const SECONDS = '2';
/** Assessments are of so many segments a camera: results are cached for an hour, which must not look like growth. */
const SEGMENTS = 2;
const FIRST_SEGMENT = Date.UTC(2026, 0, 1);

/** Cameras that are no good, and how often a job names one. */
const TROUBLED: readonly [path: string, share: number][] = [
  ['/status/404/x.m3u8', 0.04],
  ['/status/503/x.m3u8', 0.02],
  ['/html/x.m3u8', 0.02],
  ['/dead/404/index.m3u8', 0.02],
];

/** Queues jobs of all sorts, as many as the workers can do. */
export class Load {
  /** The entry of each accepted job, by its name. */
  readonly accepted = new Map<string, string>();
  private isOn = false;
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly stage: Stage,
    private readonly endings: Endings,
    private readonly random: Random,
  ) {}

  start(): void {
    this.isOn = true;
    this.loop = this.run();
  }

  async pause(): Promise<void> {
    this.isOn = false;
    await this.loop;
  }

  /**
   * A few jobs that are as good as any, at once: threads that rest for a minute end, and whether they rest must not decide
   * what a worker weighs.
   */
  async lap(): Promise<void> {
    for (let i = 0; i < LAP; i += 1) {
      const camera = SMALL_CAMERAS[i % SMALL_CAMERAS.length]!;
      await this.queue(['cctvId', camera, 'hls', this.stage.roads.url(camera), 'sec', SECONDS]);
    }
  }

  /** Accepted jobs that have not ended, by name. */
  get open(): string[] {
    return [...this.accepted.keys()].filter((job) => !this.endings.has(job));
  }

  private async run(): Promise<void> {
    while (this.isOn) {
      if (this.open.length < MOST_OPEN) await this.add();
      else await after(LOOK_EVERY_MS);
    }
  }

  private async add(): Promise<void> {
    const isUrgent = this.random.next() < 0.1;
    const isSegment = this.random.next() < 0.15;
    const { stream, high } = isSegment ? ASSESS : this.stage.field.streams;
    await this.queue(isSegment ? this.assessment() : this.inspection(), isUrgent ? high : stream);
  }

  private async queue(fields: readonly string[], lane = this.stage.field.streams.stream): Promise<void> {
    const job = `job-${this.accepted.size}`;
    this.accepted.set(job, await this.stage.field.add(['jobId', job, ...fields], lane));
  }

  private assessment(): string[] {
    const start = FIRST_SEGMENT + 600_000 * Math.floor(this.random.between(0, SEGMENTS));
    const camera = this.random.pick(SMALL_CAMERAS)!;
    return ['cctvId', camera, 'segmentStart', new Date(start).toISOString(), 'video', 'small.mp4'];
  }

  private inspection(): string[] {
    const dice = this.random.next();
    if (dice < 0.01) return ['hls', 'not for a camera'];
    if (dice < 0.02) return ['cctvId', 'inside', 'hls', 'http://10.0.0.1/x.m3u8'];
    let share = 0.02;
    const path = TROUBLED.find(([, of]) => dice < (share += of))?.[0];
    const camera = path === undefined ? this.random.pick(SMALL_CAMERAS)! : path.split('/').slice(1, -1).join('-');
    const hls = path === undefined ? this.stage.roads.url(camera) : this.stage.troubled.url(path);
    return ['cctvId', camera, 'hls', hls, 'sec', SECONDS];
  }
}
