import { request } from 'node:http';
import { connect } from 'node:net';

/** A call, however odd. */
export interface OddCall {
  method: string;
  /** With the query; as it goes over the line. */
  path: string;
  headers: Record<string, string>;
  body: Buffer | undefined;
}

/** What came back; status 0: the connection broke. */
export interface Answer {
  status: number;
  text: string;
}

const ANSWER_WITHIN_MS = 30_000;

/** Makes a call that `fetch` would put right or refuse. @throws when there is no answer at all in time */
export function call(base: string, { method, path, headers, body }: OddCall): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base);
    const sent = request(
      { hostname, port, method, path: wired(path), headers: { connection: 'close', ...lengthOf(body), ...headers } },
      (response) => {
        const pieces: Buffer[] = [];
        const hasNoEnd = response.headers['content-type']?.startsWith('text/event-stream') === true;
        response.on('data', (piece: Buffer) => {
          pieces.push(piece);
          if (hasNoEnd) response.destroy();
        });
        response.on('error', () => undefined);
        response.on('close', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString() }),
        );
      },
    );
    sent.setTimeout(ANSWER_WITHIN_MS, () => reject(new Error(`${method} ${path} was not answered.`)));
    sent.on('error', () => resolve({ status: 0, text: '' }));
    sent.end(body);
  });
}

/** Sends bytes that may be no HTTP at all, and waits for the end of the connection. */
export function sendRaw(base: string, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(new URL(base).port), '127.0.0.1', () => socket.end(bytes));
    socket.on('data', (piece) => (text += String(piece)));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
}

/** Without it the body of a DELETE would be taken for the next call. */
function lengthOf(body: Buffer | undefined): Record<string, number> {
  return body === undefined ? {} : { 'content-length': body.length };
}

/** A text as a part of a path or query; half a pair of code units becomes the sign for what cannot be read. */
export function encoded(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}

/** Node refuses to send what is no visible ASCII. */
function wired(path: string): string {
  return path.replace(/[^\x21-\x7e]/gu, encoded);
}
