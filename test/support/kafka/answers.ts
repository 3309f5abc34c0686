import { API, put, Reader, type RequestHead } from './frames.js';

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
