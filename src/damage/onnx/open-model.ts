import { readFile } from 'node:fs/promises';
import { messageOf } from '../../job/errors.js';
import { loadModel, type Model, type Tensors } from '../model/inference.js';
import type { InputSize } from './layouts/layout.js';
import { metadataOf } from './metadata.js';
import type { ModelFacts, OnnxSettings } from './model-spec.js';
import { pictureInputOf, SIZES_INPUT } from './picture-input.js';
import { unusable } from './unusable.js';

/** Loads the operator's model. @throws PermanentStepError `MODEL_UNUSABLE` */
export async function openModel({ file, device }: Pick<OnnxSettings, 'file' | 'device'>): Promise<Model> {
  try {
    return await loadModel(file, device);
  } catch (cause) {
    const said = messageOf(cause);
    throw unusable(`DAMAGE_MODEL ${file} cannot be loaded on ${device}: ${said}. ${adviceOn(said, device)}`, cause);
  }
}

function adviceOn(said: string, device: OnnxSettings['device']): string {
  if (/IR version|opset/i.test(said)) return 'Export it again for an older version of ONNX.';
  if (/external|\.data\b|No such file|file_size|out of bounds/i.test(said)) {
    return 'Its weights are in a file of their own: put that one beside it, under the name that it was exported with.';
  }
  return device === 'cpu' ? 'Is it an ONNX file?' : 'Try DAMAGE_MODEL_DEVICE=cpu.';
}

/** Reads a model's file and runs it on grey and on noise. @throws PermanentStepError `MODEL_UNUSABLE` */
export async function learnFacts(settings: OnnxSettings): Promise<ModelFacts> {
  const metadata = await readMetadata(settings.file);
  const model = await openModel(settings);
  try {
    const { size: input } = pictureInputOf(model, metadata);
    const grey = new Float32Array(3 * input.width * input.height).fill(0.5);
    const outputs = await runModel(model, grey, input);
    const onNoise = await runModel(model, grey.map(noise), input);
    return { outputs, onNoise, input, metadata };
  } finally {
    await model.close();
  }
}

/** The same at every start. 0..1 */
function noise(_grey: number, place: number): number {
  const x = Math.sin(place * 12.9898) * 43_758.5453;
  return x - Math.floor(x);
}

/**
 * Runs a model on a picture in planes, as its layout wants it.
 * @param white the number for white in `planes`
 * @throws PermanentStepError `MODEL_UNUSABLE` when it does not take it
 */
export async function runModel(
  model: Model,
  planes: Float32Array,
  input: InputSize,
  white: 1 | 255 = 1,
): Promise<Tensors> {
  const { width, height } = input;
  const { name: picture, order, isWhole } = pictureInputOf(model, NO_METADATA);
  const numbers = isWhole && white === 1 ? planes.map((value) => Math.round(value * 255)) : planes;
  const data = order === 'planes' ? numbers : pixelsOf(numbers);
  const dims = order === 'planes' ? [1, 3, height, width] : [1, height, width, 3];
  const sizes = { data: BigInt64Array.of(BigInt(width), BigInt(height)), dims: [1, 2] };
  const hasSizes = model.inputs.some(({ name }) => name === SIZES_INPUT);
  try {
    return await model.run({
      [picture]: { data, dims },
      ...(hasSizes && { [SIZES_INPUT]: sizes }),
    });
  } catch (cause) {
    throw unusable(`DAMAGE_MODEL does not take a picture of ${width} x ${height} px: ${messageOf(cause)}.`, cause);
  }
}

/** Its size is known by now. */
const NO_METADATA: ReadonlyMap<string, string> = new Map();

function pixelsOf(planes: Float32Array): Float32Array {
  const count = planes.length / 3;
  return planes.map((_value, at) => planes[(at % 3) * count + Math.floor(at / 3)]!);
}

async function readMetadata(file: string): Promise<Map<string, string>> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw unusable(`DAMAGE_MODEL ${file} cannot be read: ${messageOf(cause)}. Check the path.`, cause);
  });
  try {
    return metadataOf(bytes);
  } catch (cause) {
    throw unusable(`DAMAGE_MODEL ${file} is no ONNX model: ${messageOf(cause)} Export it to ONNX again.`, cause);
  }
}
