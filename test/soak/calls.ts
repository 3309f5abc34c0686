import { setTimeout as after } from 'node:timers/promises';
import sharp from 'sharp';
import type { Random } from '../chaos/random.js';
import type { ServiceMember } from './service-member.js';

const EVERY_MS = 1_000;
const ANSWER_WITHIN_MS = 60_000;
const IMAGE = '/api/v1/damage-detection/image';
const READ = [
  '/health',
  '/metrics',
  '/worker/status',
  '/cameras',
  '/assessments',
  '/control/dlq',
  '/docs/openapi.json',
];
/** A service that drains, starts or has lost its Redis says so. */
const FINE = new Set([200, 429, 503]);

/** Clients of the HTTP side: pictures to look at on request, and people who watch. */
export class Calls {
  /** How often each status was answered. */
  readonly answers = new Map<number, number>();
  /** Answers that no client should get. */
  readonly wrong: string[] = [];
  private isOn = false;
  private loop: Promise<void> = Promise.resolve();

  private constructor(
    private readonly members: () => readonly ServiceMember[],
    private readonly random: Random,
    private readonly picture: Blob,
  ) {}

  static async prepare(members: () => readonly ServiceMember[], random: Random): Promise<Calls> {
    const grey = { create: { width: 320, height: 180, channels: 3, background: '#777' } } as const;
    const jpeg = await sharp(grey).jpeg().toBuffer();
    return new Calls(members, random, new Blob([new Uint8Array(jpeg)]));
  }

  start(): void {
    this.isOn = true;
    this.loop = this.run();
  }

  async pause(): Promise<void> {
    this.isOn = false;
    await this.loop;
  }

  private async run(): Promise<void> {
    while (this.isOn) {
      const url = this.random.pick(this.members())?.url;
      if (url !== undefined) await this.call(url);
      await after(EVERY_MS);
    }
  }

  private async call(url: string): Promise<void> {
    const isUpload = this.random.next() < 0.5;
    const path = isUpload ? IMAGE : this.random.pick(READ)!;
    const form = new FormData();
    form.append('file', this.picture, 'road.jpg');
    const init = { ...(isUpload ? { method: 'POST', body: form } : {}), signal: AbortSignal.timeout(ANSWER_WITHIN_MS) };
    try {
      const answer = await fetch(url + path, init);
      const text = await answer.text();
      this.answers.set(answer.status, (this.answers.get(answer.status) ?? 0) + 1);
      if (!FINE.has(answer.status)) this.wrong.push(`${path}: ${answer.status} ${text.slice(0, 300)}`);
    } catch (error) {
      // Nobody is there: killed a moment ago.
      if ((error as Error).name === 'TimeoutError') this.wrong.push(`${path}: no answer`);
    }
  }
}
