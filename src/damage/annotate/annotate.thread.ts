import { task } from '../../threads/thread-serve.js';
import type { Picture } from '../../picture/picture.js';
import type { DamageAnalysis } from '../damage-detector.js';
import { annotate } from './annotate.js';
import type { Legend } from './legend.js';

/** What the thread is given: the arguments of {@link annotate}. */
export interface AnnotateRequest {
  picture: Picture;
  analysis: DamageAnalysis;
  legend: Legend;
}

export default task(async ({ picture, analysis, legend }: AnnotateRequest) => {
  const jpeg = new Uint8Array(await annotate(picture, analysis, legend));
  return { output: jpeg, transfer: [jpeg.buffer] };
});
