import { task } from '../threads/thread-serve.js';
import { decodeImage, type ImageLimits } from './decode-image.js';

/** What the thread is given: the arguments of {@link decodeImage}. */
export interface DecodeRequest {
  image: Uint8Array;
  limits: ImageLimits;
}

export default task(async ({ image, limits }: DecodeRequest) => {
  const picture = await decodeImage(Buffer.from(image.buffer, image.byteOffset, image.byteLength), limits);
  return { output: picture, transfer: [picture.rgb.buffer] };
});
