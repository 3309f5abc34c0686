import { task } from '../../src/threads/thread-serve.js';
import { ROAD_DAMAGE } from '../../src/damage/builtin/road-model.js';
import { heatMapsOf } from '../../src/damage/builtin/heat-maps.js';
import { loadModel } from '../../src/damage/model/inference.js';

/** A picture for the built-in model. Jest's own thread has arrays of another kind than onnxruntime expects. */
export interface HeatMapsRequest {
  rgb: Float32Array;
  width: number;
  height: number;
}

export default task(async ({ rgb, width, height }: HeatMapsRequest) => {
  const model = await loadModel(ROAD_DAMAGE.file);
  const output = await heatMapsOf(model, rgb, { width, height });
  await model.close();
  return { output, transfer: [] };
});
