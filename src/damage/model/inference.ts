import type { InferenceSession as Session } from 'onnxruntime-node';
import { assertSilenced } from './quiet-runtime.js';
import { fromOrt, toOrt } from './tensors.js';

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

/** A worker uses one model; more are held only while tests try several. */
const MOST_HELD = 2;

/** Of this thread, the last used at the end. */
const held = new Map<string, Promise<Model>>();

/**
 * A model that this thread holds from its first use on: loading one takes longer than running it.
 * @param key what tells it from others, such as its file and device
 * @throws what `load` throws; then the next call loads again
 */
export async function heldModel(key: string, load: () => Promise<Model>): Promise<Model> {
  const model = held.get(key) ?? load();
  held.delete(key);
  held.set(key, model);
  try {
    return await model;
  } catch (error) {
    held.delete(key);
    throw error;
  } finally {
    await closeSurplus();
  }
}

async function closeSurplus(): Promise<void> {
  for (const [key, model] of [...held].slice(0, -MOST_HELD)) {
    held.delete(key);
    await (await model).close();
  }
}

/** Loads an ONNX file. @throws what onnxruntime throws when it cannot */
export async function loadModel(file: string, provider: ExecutionProvider = 'cpu'): Promise<Model> {
  assertSilenced();
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await InferenceSession.create(file, { ...OPTIONS, executionProviders: [provider] });
  return {
    inputs: session.inputMetadata.map((input) =>
      input.isTensor ? { name: input.name, type: input.type, shape: input.shape } : { ...NO_TENSOR, name: input.name },
    ),
    run: async (inputs) => {
      const feeds = Object.entries(inputs).map(
        ([name, tensor]) => [name, toOrt(Tensor, tensor, typeOf(session, name))] as const,
      );
      return fromOrt(await session.run(Object.fromEntries(feeds)));
    },
    close: () => session.release(),
  };
}

function typeOf(session: Session, name: string): string {
  const input = session.inputMetadata.find((one) => one.name === name);
  return input?.isTensor === true ? input.type : NO_TENSOR.type;
}
