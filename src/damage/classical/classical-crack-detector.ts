import sharp from 'sharp';
import type { Picture } from '../../picture/picture.js';
import { ThreadPool } from '../../threads/thread-pool.js';
import {
  DamageDetector,
  type DetectOptions,
  type DetectorHealth,
  type DetectorInfo,
  type PictureMarks,
} from '../damage-detector.js';
import { roadHintOf } from '../road-hint.js';
import type { CrackSearch } from './search-cracks.js';

/** Larger pictures are searched at this width, px: cracks that a person would see are still there. */
const SEARCH_WIDTH = 1280;

const THREAD = new URL('./classical.thread.js', import.meta.url);

/**
 * Finds cracks by their shape alone, without a model. It never claims potholes: shadows, patches and wet spots are as
 * dark as they are.
 */
export class ClassicalCrackDetector extends DamageDetector {
  readonly info: DetectorInfo = {
    name: 'classical-cracks',
    version: '1.0.0',
    classes: [{ id: 'crack', name: 'Crack' }],
    marks: 'Marks cracks only, of no particular kind; it does not look for potholes.',
  };

  constructor(private readonly threads = new ThreadPool()) {
    super();
  }

  async detect(picture: Picture, { drivenRoad, region, signal }: DetectOptions): Promise<PictureMarks> {
    const search: CrackSearch = {
      ...(await atSearchSize(picture)),
      hint: roadHintOf(drivenRoad, region),
      image: { width: picture.width, height: picture.height },
    };
    const { name, version } = this.info;
    const found = await this.threads.call<Omit<PictureMarks, 'detector'>>(THREAD, search, { signal });
    return { detector: { name, version }, ...found };
  }

  /** Needs nothing but itself. */
  health(): Promise<DetectorHealth> {
    return Promise.resolve({ status: 'up' });
  }
}

async function atSearchSize(picture: Picture): Promise<Pick<CrackSearch, 'width' | 'height' | 'rgb'>> {
  const { width, height, rgb } = picture;
  if (width <= SEARCH_WIDTH) return { width, height, rgb };
  const { data, info } = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .resize(SEARCH_WIDTH)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: data };
}
