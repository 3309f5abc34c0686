/** Numbers of the requests that the front knows. */
export const API = {
  produce: 0,
  fetch: 1,
  metadata: 3,
  offsetCommit: 8,
  findCoordinator: 10,
  joinGroup: 11,
  heartbeat: 12,
  saslHandshake: 17,
  apiVersions: 18,
  saslAuthenticate: 36,
} as const;

/** The name of a request. */
export type ApiName = keyof typeof API;

/** What a request says of itself: `api key, version, correlation id` in front of all else. */
export interface RequestHead {
  readonly api: number;
  readonly version: number;
  readonly correlation: number;
}

const LENGTH_BYTES = 4;
const HEAD_BYTES = 8;

/** Cuts a stream of bytes into frames, each without the length in front of it. */
export class FrameCutter {
  private held = Buffer.alloc(0);

  cut(bytes: Buffer): Buffer[] {
    this.held = Buffer.concat([this.held, bytes]);
    const frames: Buffer[] = [];
    while (this.held.length >= LENGTH_BYTES) {
      const end = LENGTH_BYTES + this.held.readInt32BE(0);
      if (this.held.length < end) break;
      frames.push(this.held.subarray(LENGTH_BYTES, end));
      this.held = this.held.subarray(end);
    }
    return frames;
  }
}

/** A frame with its length in front. */
export function framed(frame: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeInt32BE(frame.length);
  return Buffer.concat([length, frame]);
}

export function headOf(request: Buffer): RequestHead {
  return { api: request.readInt16BE(0), version: request.readInt16BE(2), correlation: request.readInt32BE(4) };
}

/** What follows the head and the client's name. */
export function bodyOf(request: Buffer): Reader {
  const reader = new Reader(request, HEAD_BYTES);
  reader.text();
  return reader;
}

/** Reads the old, inflexible encoding. */
export class Reader {
  constructor(
    readonly bytes: Buffer,
    public at = 0,
  ) {}

  int16(): number {
    return this.bytes.readInt16BE((this.at += 2) - 2);
  }

  int32(): number {
    return this.bytes.readInt32BE((this.at += 4) - 4);
  }

  /** A string; null where it may be. */
  text(): string | null {
    const length = this.int16();
    return length < 0 ? null : this.take(length).toString();
  }

  block(): Buffer {
    return this.take(this.int32());
  }

  private take(length: number): Buffer {
    return this.bytes.subarray(this.at, (this.at += length));
  }
}

/** Writes the same. */
export const put = {
  int16: (value: number): Buffer => {
    const bytes = Buffer.alloc(2);
    bytes.writeInt16BE(value);
    return bytes;
  },
  int32: (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return bytes;
  },
  int64: (value: number): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(BigInt(value));
    return bytes;
  },
  text: (value: string | null): Buffer =>
    value === null ? put.int16(-1) : Buffer.concat([put.int16(Buffer.byteLength(value)), Buffer.from(value)]),
  block: (value: Buffer): Buffer => Buffer.concat([put.int32(value.length), value]),
};
