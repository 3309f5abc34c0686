import type { Mask } from '../background/mask.js';
import type { Visit } from './visit.js';

/** Visits written in another form are forgotten. */
const FORM = 1;

interface PackedMask {
  width: number;
  height: number;
  bits: string;
}

type Header = Omit<Visit, 'picture' | 'drivenRoad' | 'hiddenRoad'> & {
  form: number;
  drivenRoad: PackedMask;
  hiddenRoad: PackedMask;
};

/** A visit as bytes: the length of a JSON header, the header, the picture. */
export function toBytes({ picture, drivenRoad, hiddenRoad, ...rest }: Visit): Buffer {
  const header: Header = { form: FORM, ...rest, drivenRoad: pack(drivenRoad), hiddenRoad: pack(hiddenRoad) };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([length, text, picture]);
}

/** The visit, or undefined when the bytes are none of this form. */
export function fromBytes(bytes: Buffer): Visit | undefined {
  try {
    const end = 4 + bytes.readUInt32LE();
    const { form, drivenRoad, hiddenRoad, ...rest } = JSON.parse(bytes.toString('utf8', 4, end)) as Header;
    if (form !== FORM) return undefined;
    return { ...rest, drivenRoad: unpack(drivenRoad), hiddenRoad: unpack(hiddenRoad), picture: bytes.subarray(end) };
  } catch {
    return undefined;
  }
}

/** Eight cells a byte. */
function pack({ width, height, data }: Mask): PackedMask {
  const bytes = Buffer.alloc(Math.ceil(data.length / 8));
  data.forEach((cell, i) => (bytes[i >> 3]! |= cell << (i & 7)));
  return { width, height, bits: bytes.toString('base64') };
}

function unpack({ width, height, bits }: PackedMask): Mask {
  const bytes = Buffer.from(bits, 'base64');
  const data = Uint8Array.from({ length: width * height }, (_, i) => (bytes[i >> 3]! >> (i & 7)) & 1);
  return { width, height, data };
}
