import { API, bodyOf, headOf, put, Reader, type RequestHead } from './frames.js';

const CORRELATION_BYTES = 4;
const THROTTLE_BYTES = 4;

/** The broker's answer as the front passes it on: the front stands where the broker says that it is. */
export function readdressed(answer: Buffer, { api, version }: RequestHead, port: number): Buffer {
  if (api === API.metadata) return readdressMetadata(answer, version, port);
  if (api === API.findCoordinator) return readdressCoordinator(answer, version, port);
  return answer;
}

function readdressMetadata(answer: Buffer, version: number, port: number): Buffer {
  const reader = new Reader(answer, CORRELATION_BYTES + (version >= 3 ? THROTTLE_BYTES : 0));
  const brokers = reader.int32();
  const copy = Buffer.from(answer);
  for (let i = 0; i < brokers; i++) {
    reader.int32();
    reader.text();
    copy.writeInt32BE(port, reader.at);
    reader.int32();
    if (version >= 1) reader.text();
  }
  return copy;
}

function readdressCoordinator(answer: Buffer, version: number, port: number): Buffer {
  const reader = new Reader(answer, CORRELATION_BYTES + (version >= 1 ? THROTTLE_BYTES : 0));
  reader.int16();
  if (version >= 1) reader.text();
  reader.int32();
  reader.text();
  const copy = Buffer.from(answer);
  if (copy.readInt32BE(reader.at) > 0) copy.writeInt32BE(port, reader.at);
  return copy;
}

/** The list of what the broker understands, with what the front understands in its place. */
export function withSasl(answer: Buffer): Buffer {
  const reader = new Reader(answer, CORRELATION_BYTES);
  reader.int16();
  const at = reader.at;
  const ours = [API.saslHandshake, API.saslAuthenticate].map((api) =>
    Buffer.concat([put.int16(api), put.int16(0), put.int16(1)]),
  );
  const count = put.int32(reader.int32() + ours.length);
  return Buffer.concat([answer.subarray(0, at), count, ...ours, answer.subarray(at + count.length)]);
}

const MESSAGE_TOO_LARGE = 10;

/** The answer to a request to produce, of version 7, that nothing of it was taken since it is too large. */
export function tooLarge(request: Buffer): Buffer {
  const body = bodyOf(request);
  body.text();
  body.int16();
  body.int32();
  const topics = listOf(body, () => {
    const name = body.text();
    const partitions = listOf(body, () => {
      const partition = put.int32(body.int32());
      body.block();
      return Buffer.concat([partition, put.int16(MESSAGE_TOO_LARGE), put.int64(-1), put.int64(-1), put.int64(-1)]);
    });
    return Buffer.concat([put.text(name), partitions]);
  });
  return Buffer.concat([put.int32(headOf(request).correlation), topics, put.int32(0)]);
}

function listOf(reader: Reader, item: () => Buffer): Buffer {
  const count = reader.int32();
  return Buffer.concat([put.int32(count), ...Array.from({ length: count }, item)]);
}
