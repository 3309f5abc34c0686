import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import type { Picture } from '../../picture/picture.js';
import '../model/quiet-runtime.js';
import { ThreadPool } from '../../threads/thread-pool.js';
import {
  DamageDetector,
  type DetectOptions,
  type DetectorHealth,
  type DetectorInfo,
  type Findings,
} from '../damage-detector.js';
import { roadHintOf } from '../road-hint.js';
import type { BuiltinSearch } from './builtin.thread.js';
import { INPUT } from './heat-maps.js';

/** The model that comes with the service. */
export const BUILTIN_MODEL = fileURLToPath(new URL('../../../../models/road-damage.onnx', import.meta.url));

const THREAD = new URL('./builtin.thread.js', import.meta.url);

/**
 * Finds damage with the small model that comes with the service (`models/MODEL_CARD.md`), which each thread loads once.
 */
export class BuiltinDetector extends DamageDetector {
  readonly info: DetectorInfo = {
    name: 'road-damage',
    version: '1.1.0',
    classes: [
      { id: 'crack', name: 'Crack' },
      { id: 'D40', name: 'Pothole' },
    ],
    marks:
      'Marks cracks of no particular kind, and potholes on pictures taken from a vehicle. On the view of a fixed ' +
      'camera potholes show up as cracks, if at all: no pothole found there does not mean there is none.',
  };

  constructor(
    private readonly threads = new ThreadPool(),
    private readonly model = BUILTIN_MODEL,
  ) {
    super();
  }

  async detect({ width, height, rgb }: Picture, options: DetectOptions): Promise<Findings> {
    // The kernel nearest to the resizing of its training (model card).
    const resized = await sharp(rgb, { raw: { width, height, channels: 3 } })
      .resize({ ...INPUT, fit: 'fill', kernel: 'cubic' })
      .raw()
      .toBuffer();
    const hint = roadHintOf(options.drivenRoad, options.region);
    const search: BuiltinSearch = { model: this.model, rgb: resized, hint, image: { width, height } };
    const { name, version } = this.info;
    return {
      detector: { name, version },
      ...(await this.threads.call<Omit<Findings, 'detector'>>(THREAD, search, { signal: options.signal })),
    };
  }

  async health(): Promise<DetectorHealth> {
    try {
      await access(this.model);
      return { status: 'up' };
    } catch {
      return { status: 'down', message: `The model ${this.model} is missing: install the service again.` };
    }
  }
}
