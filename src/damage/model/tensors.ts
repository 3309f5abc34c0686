import type { InferenceSession as Session, Tensor as OrtTensor } from 'onnxruntime-node';
import { fromHalf, toHalf } from './half.js';
import type { Tensor, Tensors } from './inference.js';

type MakeTensor = typeof OrtTensor;

/** A tensor of the type that an input of the model has. Pictures are 0..255 where that is `uint8`. */
export function toOrt(Tensor: MakeTensor, { data, dims }: Tensor, type: string): OrtTensor {
  if (!(data instanceof Float32Array)) {
    return type === 'int32'
      ? new Tensor('int32', Int32Array.from(data, Number), dims)
      : new Tensor('int64', data, dims);
  }
  if (type === 'float16') return new Tensor('float16', toHalf(data), dims);
  if (type === 'uint8') return new Tensor('uint8', Uint8Array.from(data), dims);
  return new Tensor('float32', data, dims);
}

/** What a model gave, as floats: what follows compares and scales, nothing more. */
export function fromOrt(outputs: Session.ReturnType): Tensors {
  const entries = Object.entries(outputs).map(([name, tensor]) => {
    return [name, { data: numbersOf(name, tensor), dims: tensor.dims }] as const;
  });
  return Object.fromEntries(entries);
}

function numbersOf(name: string, { data, type }: OrtTensor): Float32Array {
  if (data instanceof Float32Array) return data;
  if (Array.isArray(data)) throw new Error(`Its output ${name} holds texts, not numbers`);
  // Later versions of Node have an array of halves, and then get one.
  if (type === 'float16' && data instanceof Uint16Array) return fromHalf(data);
  return Float32Array.from(data as ArrayLike<number | bigint>, Number);
}
