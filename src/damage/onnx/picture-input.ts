import type { Model, ModelInput } from '../model/inference.js';
import type { InputSize } from './layouts/layout.js';
import { numbersOf } from './metadata.js';
import { unusable } from './unusable.js';

/** px; what most detectors are trained with, when neither file nor input say. */
const USUAL_SIZE = 640;

/** RT-DETR's second input: the size that its boxes are to be in. */
export const SIZES_INPUT = 'orig_target_sizes';

const TYPES = ['float32', 'float16', 'uint8'];

/** The one input of a model that takes the picture. */
export interface PictureInput {
  name: string;
  size: InputSize;
  /** `planes`: all red, then all green, then all blue. `pixels`: red, green and blue of each pixel. */
  order: 'planes' | 'pixels';
  /** What white is: 255 where whole numbers are asked for, else what the layout says. */
  isWhole: boolean;
}

/**
 * What a model takes, by the shape of its input, else by what the file says it was exported for.
 * @throws PermanentStepError `MODEL_UNUSABLE` when that is not one picture
 */
export function pictureInputOf({ inputs }: Model, metadata: ReadonlyMap<string, string>): PictureInput {
  const pictures = inputs.filter(({ name }) => name !== SIZES_INPUT);
  const [picture] = pictures;
  const order = picture === undefined ? undefined : orderOf(picture);
  if (picture === undefined || pictures.length !== 1 || order === undefined || !TYPES.includes(picture.type)) {
    throw unusable(
      'DAMAGE_MODEL has to take one picture as float32, float16 or uint8 [1, 3, height, width] or [1, height, width, 3]; ' +
        `it takes ${inputs.map(shown).join(', ')}.`,
    );
  }
  const [batch] = picture.shape;
  if (isKnown(batch) && batch !== 1) {
    const advice = 'export it for one (batch=1), or for any number (dynamic=True).';
    throw unusable(`DAMAGE_MODEL takes ${batch} pictures at once (${shown(picture)}): ${advice}`);
  }
  return { name: picture.name, size: sizeOf(picture, order, metadata), order, isWhole: picture.type === 'uint8' };
}

function orderOf({ shape }: ModelInput): PictureInput['order'] | undefined {
  if (shape.length !== 4) return undefined;
  if (shape[1] === 3) return 'planes';
  if (shape[3] === 3) return 'pixels';
  return isKnown(shape[1]) ? undefined : 'planes';
}

function sizeOf({ shape }: ModelInput, order: PictureInput['order'], metadata: ReadonlyMap<string, string>): InputSize {
  const [height, width] = order === 'planes' ? [shape[2], shape[3]] : [shape[1], shape[2]];
  const [exportHeight, exportWidth = exportHeight] = numbersOf(metadata.get('imgsz'));
  const side = (given: number | string | undefined, exported: number | undefined) =>
    isKnown(given) ? given : (exported ?? USUAL_SIZE);
  return { width: side(width, exportWidth), height: side(height, exportHeight) };
}

function shown({ name, type, shape }: ModelInput): string {
  return `${name} ${type} [${shape.join(', ')}]`;
}

function isKnown(side: number | string | undefined): side is number {
  return typeof side === 'number' && side > 0;
}
