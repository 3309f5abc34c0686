/** Element types of `onnx.proto`. */
export const TYPES = { float32: 1, uint8: 2, float16: 10 } as const;

type TypeName = keyof typeof TYPES;

/** Writes ONNX files small enough for tests: models that give the same numbers whatever they are shown. */
export interface TinyModel {
  /** Shape of the picture input; words for sides that may vary. */
  input: readonly (number | string)[];
  inputType?: TypeName;
  outputs: Record<string, TinyOutput>;
  metadata?: Record<string, string>;
  /** The version of the file's form. */
  irVersion?: number;
}

export interface TinyOutput {
  dims: readonly number[];
  /** Of halves their bits. */
  data: Float32Array | Uint16Array;
  /** What the model says of the output's shape, if that is not `dims`. */
  shape?: readonly (number | string)[];
  /** The file beside the model that holds the numbers. */
  elsewhere?: string;
}

/** The bytes of a model (field numbers of `onnx.proto`, opset 13). */
export function tinyOnnx({ input, inputType = 'float32', outputs, metadata = {}, irVersion = 8 }: TinyModel): Buffer {
  const entries = Object.entries(outputs);
  const graph = [
    ...entries.map(([name]) => part(1, text(1, `${name}_value`), text(2, name), text(4, 'Identity'))),
    text(2, 'tiny'),
    ...entries.map(([name, output]) => part(5, ...initializer(`${name}_value`, output))),
    part(11, ...valueInfo('images', input, TYPES[inputType])),
    ...entries.map(([name, output]) => part(12, ...valueInfo(name, output.shape ?? output.dims, typeOf(output)))),
  ];
  const props = Object.entries(metadata).map(([key, value]) => part(14, text(1, key), text(2, value)));
  return Buffer.concat([number(1, irVersion), part(7, ...graph), part(8, number(2, 13)), ...props]);
}

function typeOf({ data }: TinyOutput): number {
  return data instanceof Uint16Array ? TYPES.float16 : TYPES.float32;
}

function initializer(name: string, output: TinyOutput): Buffer[] {
  const head = [...output.dims.map((side) => number(1, side)), number(2, typeOf(output)), text(8, name)];
  if (output.elsewhere === undefined) return [...head, bytes(9, Buffer.from(output.data.buffer))];
  return [...head, part(13, text(1, 'location'), text(2, output.elsewhere)), number(14, 1)];
}

function valueInfo(name: string, shape: readonly (number | string)[], type: number): Buffer[] {
  const sides = shape.map((side) => part(1, typeof side === 'number' ? number(1, side) : text(2, side)));
  return [text(1, name), part(2, part(1, number(1, type), part(2, ...sides)))];
}
function varint(value: number): Buffer {
  const out: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    out.push((rest % 128) + (rest >= 128 ? 128 : 0));
    if (rest < 128) return Buffer.from(out);
  }
}

const number = (field: number, value: number) => Buffer.concat([varint(field * 8), varint(value)]);
const bytes = (field: number, value: Buffer) => Buffer.concat([varint(field * 8 + 2), varint(value.length), value]);
const text = (field: number, value: string) => bytes(field, Buffer.from(value));
const part = (field: number, ...parts: Buffer[]) => bytes(field, Buffer.concat(parts));
