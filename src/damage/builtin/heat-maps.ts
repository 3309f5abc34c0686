import type { Model, Tensors } from '../model/inference.js';

/** What the built-in model says of a picture, in cells of 4 x 4 px of its input: probabilities, not calibrated. */
export interface HeatMaps {
  /** cells */
  width: number;
  /** cells */
  height: number;
  crack: Float32Array;
  pothole: Float32Array;
  /** The surface of the road. */
  lane: Float32Array;
  /** What stands or drives on the road and hides it. Absent with models before 2.0. */
  vehicle?: Float32Array;
}

/** Runs the model on a picture. @param rgb interleaved, 0..255; both sides of the picture multiples of 32 px */
export async function heatMapsOf(
  model: Model,
  rgb: ArrayLike<number>,
  { width, height }: { width: number; height: number },
): Promise<HeatMaps> {
  const image = { data: planar(rgb, width * height), dims: [1, 3, height, width] };
  const maps = await model.run({ image });
  const [crack, pothole, lane, vehicle] = ['crack', 'pothole', 'lane', 'vehicle'].map((name) => floatsOf(maps, name));
  if (!crack || !pothole || !lane) {
    throw new Error('The file is not the built-in damage model: it gives no maps of cracks, potholes and the lane.');
  }
  return { width: width / 4, height: height / 4, crack, pothole, lane, ...(vehicle && { vehicle }) };
}

function floatsOf(maps: Tensors, name: string): Float32Array | undefined {
  const data = maps[name]?.data;
  return data instanceof Float32Array ? data : undefined;
}

/** Interleaved colours as three planes. */
function planar(rgb: ArrayLike<number>, pixels: number): Float32Array {
  const planes = new Float32Array(3 * pixels);
  for (let i = 0, p = 0; i < pixels; i++, p += 3) {
    planes[i] = rgb[p]!;
    planes[pixels + i] = rgb[p + 1]!;
    planes[2 * pixels + i] = rgb[p + 2]!;
  }
  return planes;
}
