import { access } from 'node:fs/promises';
import sharp from 'sharp';
import type { Picture } from '../../picture/picture.js';
import '../model/quiet-runtime.js';
import { ThreadPool } from '../../threads/thread-pool.js';
import {
  DamageDetector,
  type DetectOptions,
  type DetectorHealth,
  type DetectorInfo,
  type PictureMarks,
} from '../damage-detector.js';
import { roadHintOf } from '../road-hint.js';
import type { BuiltinSearch } from './builtin.thread.js';
import { inputSizeFor, ROAD_DAMAGE, type RoadModel } from './road-model.js';

const THREAD = new URL('./builtin.thread.js', import.meta.url);

const CLASSES: DetectorInfo['classes'] = [
  { id: 'crack', name: 'Crack' },
  { id: 'D20', name: 'Net of cracks' },
  { id: 'D40', name: 'Pothole' },
  { id: 'damage', name: 'Damage of a kind that cannot be told' },
];

const MARKS =
  'Marks cracks of no particular direction, nets of cracks, and potholes that are near enough: beyond some 30 m it hardly finds any. ' +
  'No mark does not mean that the road is sound.';

/**
 * Finds damage with the small model that comes with the service (`models/MODEL_CARD.md`), which each thread loads once.
 */
export class BuiltinDetector extends DamageDetector {
  readonly info: DetectorInfo;

  constructor(
    private readonly threads = new ThreadPool(),
    private readonly model: RoadModel = ROAD_DAMAGE,
  ) {
    super();
    this.info = { name: 'road-damage', version: model.version, classes: CLASSES, marks: MARKS };
  }

  async detect({ width, height, rgb }: Picture, options: DetectOptions): Promise<PictureMarks> {
    // The kernel nearest to the resizing of its training (model card).
    const size = inputSizeFor({ width, height }, this.model.pixels);
    const resized = await sharp(rgb, { raw: { width, height, channels: 3 } })
      .resize({ ...size, fit: 'fill', kernel: 'cubic' })
      .raw()
      .toBuffer();
    const hint = roadHintOf(options.drivenRoad, options.region);
    const search: BuiltinSearch = {
      model: this.model,
      input: { ...size, rgb: resized },
      hint,
      image: { width, height },
    };
    const { name, version } = this.info;
    return {
      detector: { name, version },
      ...(await this.threads.call<Omit<PictureMarks, 'detector'>>(THREAD, search, { signal: options.signal })),
    };
  }

  async health(): Promise<DetectorHealth> {
    try {
      await access(this.model.file);
      return { status: 'up' };
    } catch {
      return { status: 'down', message: `The model ${this.model.file} is missing: install the service again.` };
    }
  }
}
