import { task } from '../../threads/thread-serve.js';
import { heldModel, loadModel } from '../model/inference.js';
import type { RoadHint } from '../road-hint.js';
import { readHeatMaps, meanLumaOf } from './read-heat-maps.js';
import { heatMapsOf, INPUT } from './heat-maps.js';

/** What the thread is given. */
export interface BuiltinSearch {
  /** Path of the model. */
  model: string;
  /** The picture at the size of {@link INPUT}. */
  rgb: Uint8Array;
  hint: RoadHint | undefined;
  /** px, of the picture that the answer is about. */
  image: { width: number; height: number };
}

export default task(async ({ model, rgb, hint, image }: BuiltinSearch) => {
  const maps = await heatMapsOf(await heldModel(model, () => loadModel(model)), rgb, INPUT);
  return { output: readHeatMaps(maps, { hint, meanLuma: meanLumaOf(rgb), image }), transfer: [] };
});
