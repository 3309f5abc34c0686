import type { InferenceSession as Session, Tensor as OrtTensor } from 'onnxruntime-node';

/** Where a model is computed. */
export type ExecutionProvider = 'cpu' | 'cuda';

/** The tensors that go into or come out of a model, by name. */
export type Tensors = Record<string, Tensor>;

/** Numbers with a shape. */
export interface Tensor {
  data: Float32Array | BigInt64Array;
  dims: readonly number[];
}

/** What a model takes. */
export interface ModelInput {
  name: string;
  /** Such as `float32`. */
  type: string;
  /** A number for each side that is fixed, a word for one that is not. */
  shape: readonly (number | string)[];
}

/** A model in memory, ready to run. Belongs in a thread: running it blocks. */
export interface Model {
  readonly inputs: readonly ModelInput[];
  run(inputs: Tensors): Promise<Tensors>;
  /** Frees its memory. */
  close(): Promise<void>;
}

/** One thread each: the service runs several jobs side by side and shares the machine with ffmpeg. */
const OPTIONS: Session.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  logSeverityLevel: 3,
};

const NO_TENSOR = { type: 'no tensor', shape: [] } as const;

/** Loads an ONNX file. @throws what onnxruntime throws when it cannot */
export async function loadModel(file: string, provider: ExecutionProvider = 'cpu'): Promise<Model> {
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await InferenceSession.create(file, { ...OPTIONS, executionProviders: [provider] });
  return {
    inputs: session.inputMetadata.map((input) =>
      input.isTensor ? { name: input.name, type: input.type, shape: input.shape } : { ...NO_TENSOR, name: input.name },
    ),
    run: async (inputs) => {
      const feeds = Object.entries(inputs).map(([name, tensor]) => [name, toOrt(Tensor, tensor)] as const);
      return fromOrt(await session.run(Object.fromEntries(feeds)));
    },
    close: () => session.release(),
  };
}

function toOrt(Tensor: typeof OrtTensor, { data, dims }: Tensor): OrtTensor {
  return data instanceof Float32Array ? new Tensor('float32', data, dims) : new Tensor('int64', data, dims);
}

function fromOrt(outputs: Session.ReturnType): Tensors {
  const entries = Object.entries(outputs).map(
    ([name, { data, dims }]) => [name, { data: numbersOf(data), dims }] as const,
  );
  return Object.fromEntries(entries);
}

/** Whole numbers of any width become floats: what follows compares and scales, nothing more. */
function numbersOf(data: OrtTensor['data']): Float32Array {
  if (data instanceof Float32Array) return data;
  if (Array.isArray(data)) throw new Error('The model gives texts, not numbers.');
  return Float32Array.from(data as ArrayLike<number | bigint>, Number);
}
