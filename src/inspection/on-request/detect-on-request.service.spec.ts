import { describe, expect, it } from '@jest/globals';
import type { Background } from '../../background/background.js';
import type { DamageDetector, PictureMarks } from '../../damage/damage-detector.js';
import { Slots } from '../../job/slots.js';
import type { RoadWatch } from '../road-watch.js';
import { DetectOnRequestService } from './detect-on-request.service.js';

const TIMEOUT_MS = 50;
const HLS = 'http://cam.example/a.m3u8';
const STAYS = new AbortController().signal;

/** One slot, given when the test says so. */
class OneSlot extends Slots {
  give: () => void = () => undefined;

  hasRoomBeside(): boolean {
    return true;
  }

  async borrow<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await new Promise<void>((resolve, reject) => {
      this.give = resolve;
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
    return work();
  }
}

const picture = { width: 1, height: 1, rgb: new Uint8Array(3) };
const unclear = { picture, meta: { verdict: 'inconclusive', verdictReason: 'Too dark.' } } as unknown as Background;
const sound = { detections: [], damagedRoadShare: 0, grounds: '', doubts: [] } as unknown as PictureMarks;
const detector = { detect: () => Promise.resolve(sound) } as unknown as DamageDetector;
const endless = {
  detect: (_picture: unknown, { signal }: { signal: AbortSignal }) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
} as unknown as DamageDetector;
const settings = { timeoutMs: TIMEOUT_MS, pictureMs: TIMEOUT_MS, maxSeconds: 30 };

describe('detection on request', () => {
  it('calls what it finds on an inconclusive background inconclusive, as a job does', async () => {
    const { service, slots } = serviceWith(detector);
    const detected = service.stream(HLS, 1, STAYS);
    slots.give();
    expect((await detected).analysis).toMatchObject({
      verdict: 'inconclusive',
      verdictReason: expect.stringContaining('The background is inconclusive. Too dark.'),
    });
  });

  it('watches no longer than a job may', async () => {
    const { service } = serviceWith(detector);
    await expect(service.stream(HLS, 31, STAYS)).rejects.toMatchObject({ kind: 'invalid', code: 'BAD_REQUEST' });
  });

  it('says that it is busy when no slot comes free in time', async () => {
    const { service } = serviceWith(detector);
    await expect(service.stream(HLS, 1, STAYS)).rejects.toMatchObject({ kind: 'rate_limited', code: 'BUSY' });
  });

  it('counts the time of its work from when the slot is given', async () => {
    const { service, slots } = serviceWith(endless);
    const detected = service.image(() => Promise.resolve(picture), STAYS);
    slots.give();
    await expect(detected).rejects.toMatchObject({ code: 'JOB_TIMEOUT' });
  });

  it('gives many seconds of video the time they need, beyond the time-out', async () => {
    const { service, slots } = serviceWith(endless);
    const left = new AbortController();
    const detected = service.stream(HLS, 1, left.signal);
    slots.give();
    // A time-out of the same length that was set later has passed: this one did not end the work.
    setTimeout(() => left.abort(new Error('the client left')), 2 * TIMEOUT_MS);
    await expect(detected).rejects.toThrow('the client left');
  });
});

function serviceWith(working: DamageDetector) {
  const slots = new OneSlot();
  const road = { watch: () => Promise.resolve(unclear) } as unknown as RoadWatch;
  return { slots, service: new DetectOnRequestService(settings, slots, working, road) };
}
