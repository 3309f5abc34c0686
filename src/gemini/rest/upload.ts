import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ReadStream } from 'node:fs';
import type { GeminiKey } from '../gemini-api.js';
import { refused, troubled } from '../gemini-errors.js';
import { restCall, type Resource } from './rest-call.js';

/** Read at once. Smaller pieces keep the event loop busier for the same file, larger ones stop it for longer. bytes */
const PIECE_BYTES = 256 * 1024;

/**
 * Uploads a file in two requests, the second a stream from disk (the Files API's resumable protocol): never more than a few
 * pieces of it are in memory.
 *
 * @param moved called for every piece that was sent
 * @returns the file's resource
 * @throws PermanentStepError `GEMINI_VIDEO_UNREADABLE` when there is no such file or nothing in it; as `restCall`
 */
export async function upload(
  baseUrl: string,
  key: GeminiKey,
  file: string,
  mimeType: string,
  signal: AbortSignal,
  moved: () => void,
): Promise<Resource> {
  const bytes = await sizeOf(file);
  const target = await start(baseUrl, key, { bytes, mimeType, name: basename(file) }, signal);
  moved();
  // What is appended meanwhile does not belong to it.
  const source = createReadStream(file, { highWaterMark: PIECE_BYTES, end: bytes - 1 });
  try {
    return await send(target, key, source, bytes, signal, moved);
  } finally {
    source.destroy();
  }
}

async function sizeOf(file: string): Promise<number> {
  const { size } = await stat(file).catch((cause: unknown) => {
    throw refused('GEMINI_VIDEO_UNREADABLE', 'The video that was to be uploaded is not there any more.', cause);
  });
  if (size === 0) throw refused('GEMINI_VIDEO_UNREADABLE', 'The video that was to be uploaded is empty.');
  return size;
}

/** Announces the file. @returns the address for its bytes, which is its own permission */
async function start(
  baseUrl: string,
  key: GeminiKey,
  { bytes, mimeType, name }: { bytes: number; mimeType: string; name: string },
  signal: AbortSignal,
): Promise<string> {
  const headers = {
    'content-type': 'application/json',
    'x-goog-upload-protocol': 'resumable',
    'x-goog-upload-command': 'start',
    'x-goog-upload-header-content-length': String(bytes),
    'x-goog-upload-header-content-type': mimeType,
  };
  const body = JSON.stringify({ file: { displayName: name } });
  const reply = await restCall(`${baseUrl}/upload/v1beta/files`, key, { method: 'POST', headers, body }, signal);
  const target = reply.headers.get('x-goog-upload-url');
  if (target !== null && URL.canParse(target)) return target;
  throw troubled('GEMINI_BAD_REPLY', 'Gemini did not say where to upload to; check GEMINI_BASE_URL.');
}

async function send(
  target: string,
  key: GeminiKey,
  source: ReadStream,
  bytes: number,
  signal: AbortSignal,
  moved: () => void,
): Promise<Resource> {
  const headers = {
    'content-length': String(bytes),
    'x-goog-upload-offset': '0',
    'x-goog-upload-command': 'upload, finalize',
  };
  const body = piecesOf(source, moved);
  const { resource } = await restCall(target, key, { method: 'POST', headers, body }, signal, false);
  return resource;
}

/** A file as a stream that is read no faster than it is sent. */
function piecesOf(source: ReadStream, moved: () => void): ReadableStream<Uint8Array> {
  const pieces = source[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, undefined>;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (done === true) return controller.close();
        moved();
        controller.enqueue(value);
      },
      cancel: () => void source.destroy(),
    },
    { highWaterMark: 0 },
  );
}
