import type { Picture } from '../picture/picture.js';
import type { ThreadPool } from '../threads/thread-pool.js';
import type { AnnotateRequest } from './annotate/annotate.thread.js';
import type { DamageAnalysis } from './damage-detector.js';
import type { DecodeRequest } from '../picture/decode-image.thread.js';
import type { ImageLimits } from '../picture/decode-image.js';
import type { Legend } from './annotate/legend.js';

const ANNOTATE = new URL('./annotate/annotate.thread.js', import.meta.url);
const DECODE = new URL('../picture/decode-image.thread.js', import.meta.url);

/** Reads and draws pictures in the threads for all work on pictures. */
export class PictureWork {
  constructor(private readonly threads: ThreadPool) {}

  /** @throws as `decodeImage`, and as `ThreadPool.call` */
  decode(image: Buffer, limits: ImageLimits, signal: AbortSignal): Promise<Picture> {
    const request: DecodeRequest = { image, limits };
    return this.threads.call<Picture>(DECODE, request, { signal });
  }

  /** The picture as `annotate` draws it, as JPEG. @throws as `ThreadPool.call` */
  async annotate(picture: Picture, analysis: DamageAnalysis, legend: Legend, signal: AbortSignal): Promise<Buffer> {
    const request: AnnotateRequest = { picture, analysis, legend };
    const jpeg = await this.threads.call<Uint8Array<ArrayBuffer>>(ANNOTATE, request, { signal });
    return Buffer.from(jpeg.buffer);
  }
}
