/** Writes ONNX files small enough for tests: models that give the same numbers whatever they are shown. */
export interface TinyModel {
  /** Shape of the picture input; words for sides that may vary. */
  input: readonly (number | string)[];
  outputs: Record<string, { dims: readonly number[]; data: Float32Array }>;
  metadata?: Record<string, string>;
}

/** The bytes of a model (field numbers of `onnx.proto`, opset 13). */
export function tinyOnnx({ input, outputs, metadata = {} }: TinyModel): Buffer {
  const entries = Object.entries(outputs);
  const graph = [
    ...entries.map(([name]) => part(1, text(1, `${name}_value`), text(2, name), text(4, 'Identity'))),
    text(2, 'tiny'),
    ...entries.map(([name, { dims, data }]) =>
      part(
        5,
        ...dims.map((side) => number(1, side)),
        number(2, 1),
        text(8, `${name}_value`),
        bytes(9, Buffer.from(data.buffer)),
      ),
    ),
    part(11, ...valueInfo('images', input)),
    ...entries.map(([name, { dims }]) => part(12, ...valueInfo(name, dims))),
  ];
  const props = Object.entries(metadata).map(([key, value]) => part(14, text(1, key), text(2, value)));
  return Buffer.concat([number(1, 8), part(7, ...graph), part(8, number(2, 13)), ...props]);
}

function valueInfo(name: string, shape: readonly (number | string)[]): Buffer[] {
  const sides = shape.map((side) => part(1, typeof side === 'number' ? number(1, side) : text(2, side)));
  return [text(1, name), part(2, part(1, number(1, 1), part(2, ...sides)))];
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
