/** Half-precision floats (IEEE 754 binary16), which JavaScript of Node 20 knows as bits only. */

const SCRATCH = new Float32Array(1);
const BITS = new Uint32Array(SCRATCH.buffer);

/** What bits of halves are as numbers. */
export function fromHalf(bits: Uint16Array): Float32Array {
  return Float32Array.from(bits, numberOf);
}

/** Numbers as bits of the nearest halves; too large ones become infinite. */
export function toHalf(numbers: Float32Array): Uint16Array {
  return Uint16Array.from(numbers, bitsOf);
}

function numberOf(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function bitsOf(number: number): number {
  SCRATCH[0] = number;
  const [bits = 0] = BITS;
  const sign = (bits >>> 16) & 0x8000;
  const size = Math.abs(SCRATCH[0]);
  if (Number.isNaN(size)) return sign | 0x7e00;
  // Half way to the first number that there is none for.
  if (size >= 65_520) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | roundEven(size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  // A fraction that is rounded up to the next power of two carries into the exponent, as it should.
  return sign | (((exponent + 15) << 10) + roundEven((size / 2 ** exponent - 1) * 1024));
}

function roundEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
