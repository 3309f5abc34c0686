import type { Mask } from '../../../picture/mask.js';
import { MOST_VEHICLE_SAMPLES, type VehicleSample } from '../../../background/background.js';
import type { RememberedDamage, Visit } from './visit.js';

/** Visits written in another form are forgotten. */
const FORM = 2;

/** More than the masks of the largest picture that is captured have. */
const MOST_CELLS = 1 << 20;

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
    const { form, drivenRoad, hiddenRoad, traffic, sightings, ...rest } = JSON.parse(
      bytes.toString('utf8', 4, end),
    ) as Header;
    if (form !== FORM) return undefined;
    const masks = { drivenRoad: unpack(drivenRoad), hiddenRoad: unpack(hiddenRoad) };
    return {
      ...rest,
      ...masks,
      traffic: samplesIn(traffic),
      sightings: named(sightings),
      picture: bytes.subarray(end),
    };
  } catch {
    return undefined;
  }
}

/** What is no id is left out: earlier versions gave none. */
function named(sightings: Visit['sightings']): Visit['sightings'] {
  return sightings.map(({ id, ...sighting }: RememberedDamage) => {
    return typeof id === 'string' && /^[0-9a-f]{1,64}$/.test(id) ? { ...sighting, id } : sighting;
  });
}

/** What is no sample is left out: earlier versions measured no vehicles. */
function samplesIn(traffic: unknown): VehicleSample[] {
  if (!Array.isArray(traffic)) return [];
  return traffic
    .slice(0, MOST_VEHICLE_SAMPLES)
    .filter((sample: Partial<VehicleSample> | null): sample is VehicleSample => {
      return Number.isFinite(sample?.row) && Number.isFinite(sample?.width) && sample!.width! > 0;
    });
}

/** Eight cells a byte. */
function pack({ width, height, data }: Mask): PackedMask {
  const bytes = Buffer.alloc(Math.ceil(data.length / 8));
  data.forEach((cell, i) => (bytes[i >> 3]! |= cell << (i & 7)));
  return { width, height, bits: bytes.toString('base64') };
}

/** @throws RangeError when the size is not that of the bits: a few bytes may say that they are gigabytes of mask */
function unpack({ width, height, bits }: PackedMask): Mask {
  const bytes = Buffer.from(bits, 'base64');
  const cells = width * height;
  const isWhole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (!isWhole || cells > MOST_CELLS || bytes.length !== Math.ceil(cells / 8)) {
    throw new RangeError(`${width} x ${height} cells are not ${bytes.length} bytes.`);
  }
  const data = Uint8Array.from({ length: cells }, (_, i) => (bytes[i >> 3]! >> (i & 7)) & 1);
  return { width, height, data };
}
