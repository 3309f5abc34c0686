import { task } from '../../threads/thread-serve.js';
import { heldModel, loadModel } from '../model/inference.js';
import type { RoadHint } from '../road-hint.js';
import { readHeatMaps, meanLumaOf } from './read-heat-maps.js';
import { heatMapsOf } from './heat-maps.js';
import type { RoadModel } from './road-model.js';

/** What the thread is given. */
export interface BuiltinSearch {
  model: RoadModel;
  /** The picture at the size for the model. */
  input: { width: number; height: number; rgb: Uint8Array };
  hint: RoadHint | undefined;
  /** px, of the picture that the answer is about. */
  image: { width: number; height: number };
}

export default task(async ({ model, input, hint, image }: BuiltinSearch) => {
  const maps = await heatMapsOf(await heldModel(model.file, () => loadModel(model.file)), input.rgb, input);
  return { output: readHeatMaps(maps, model, { hint, meanLuma: meanLumaOf(input.rgb), image }), transfer: [] };
});
