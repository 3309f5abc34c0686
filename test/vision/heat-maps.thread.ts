import { task } from '../../src/threads/thread-serve.js';
import { BUILTIN_MODEL } from '../../src/damage/builtin/builtin-detector.js';
import { heatMapsOf } from '../../src/damage/builtin/heat-maps.js';
import { loadModel } from '../../src/damage/model/inference.js';

/** A picture for the built-in model. Jest's own thread has arrays of another kind than onnxruntime expects. */
export interface HeatMapsRequest {
  rgb: Float32Array;
  width: number;
  height: number;
}

export default task(async ({ rgb, width, height }: HeatMapsRequest) => {
  const model = await loadModel(BUILTIN_MODEL);
  const output = await heatMapsOf(model, rgb, { width, height });
  await model.close();
  return { output, transfer: [] };
});
