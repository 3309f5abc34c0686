import { readFile } from 'node:fs/promises';
import { messageOf } from '../../job/errors.js';
import { loadModel, type Model, type Tensors } from '../model/inference.js';
import type { InputSize } from './layouts/layout.js';
import { metadataOf, numbersOf } from './metadata.js';
import { unusable, type ModelFacts, type OnnxSettings } from './model-spec.js';

/** px; what most detectors are trained with, when neither file nor input say. */
const USUAL_SIZE = 640;

/** RT-DETR's second input: the size that its boxes are to be in. */
const SIZES_INPUT = 'orig_target_sizes';

/** Loads the operator's model. @throws PermanentStepError `MODEL_UNUSABLE` */
export async function openModel({ file, device }: Pick<OnnxSettings, 'file' | 'device'>): Promise<Model> {
  try {
    return await loadModel(file, device);
  } catch (cause) {
    const hint = device === 'cpu' ? 'Is it an ONNX file?' : 'Try DAMAGE_MODEL_DEVICE=cpu.';
    throw unusable(`DAMAGE_MODEL ${file} cannot be loaded on ${device}: ${messageOf(cause)}. ${hint}`, cause);
  }
}

/** Reads a model's file and runs it once on grey. @throws PermanentStepError `MODEL_UNUSABLE` */
export async function learnFacts(settings: OnnxSettings): Promise<ModelFacts> {
  const metadata = await readMetadata(settings.file);
  const model = await openModel(settings);
  try {
    const input = inputSizeOf(model, metadata);
    const outputs = await runModel(model, new Float32Array(3 * input.width * input.height).fill(0.5), input);
    return { outputs, input, metadata };
  } finally {
    await model.close();
  }
}

/** Runs a model on a planar picture. @throws PermanentStepError `MODEL_UNUSABLE` when it does not take it */
export async function runModel(model: Model, planes: Float32Array, input: InputSize): Promise<Tensors> {
  const { width, height } = input;
  const picture = model.inputs.find(({ name }) => name !== SIZES_INPUT)!.name;
  const sizes = { data: BigInt64Array.of(BigInt(width), BigInt(height)), dims: [1, 2] };
  const hasSizes = model.inputs.some(({ name }) => name === SIZES_INPUT);
  try {
    return await model.run({
      [picture]: { data: planes, dims: [1, 3, height, width] },
      ...(hasSizes && { [SIZES_INPUT]: sizes }),
    });
  } catch (cause) {
    throw unusable(`DAMAGE_MODEL does not take a picture of ${width} x ${height} px: ${messageOf(cause)}.`, cause);
  }
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

/** By the shape of the input, else by what the file says it was exported for. */
function inputSizeOf(model: Model, metadata: ReadonlyMap<string, string>): InputSize {
  const pictures = model.inputs.filter(({ name }) => name !== SIZES_INPUT);
  const [picture] = pictures;
  const shape = picture?.shape ?? [];
  if (
    pictures.length !== 1 ||
    picture?.type !== 'float32' ||
    shape.length !== 4 ||
    (shape[1] !== 3 && isKnown(shape[1]))
  ) {
    const list = model.inputs.map(({ name, type, shape }) => `${name} ${type} [${shape.join(', ')}]`).join(', ');
    throw unusable(`DAMAGE_MODEL has to take one picture as float32 [1, 3, height, width]; it takes ${list}.`);
  }
  const [exportHeight, exportWidth = exportHeight] = numbersOf(metadata.get('imgsz'));
  const side = (given: number | string | undefined, exported: number | undefined) =>
    isKnown(given) ? given : (exported ?? USUAL_SIZE);
  return { width: side(shape[3], exportWidth), height: side(shape[2], exportHeight) };
}

function isKnown(side: number | string | undefined): side is number {
  return typeof side === 'number' && side > 0;
}
