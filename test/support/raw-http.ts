import { connect, type Socket } from 'node:net';

/** What came back, as far as tests look at it. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request as it goes over the wire: no client puts right what the test means to send. */
export interface RawRequest {
  readonly method?: string;
  /** `1.1` by default. */
  readonly version?: string;
  /** `Host` is `127.0.0.1` and the port, unless another is given or undefined is. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
}

/** Sends one request over a connection of its own and reads until the server closes it. */
export async function rawExchange(url: string, path: string, request: RawRequest = {}): Promise<RawAnswer> {
  const socket = openSocket(url);
  socket.write(rawText(url, path, request));
  return rawAnswer(socket);
}

/** A connection to the server of a URL. */
export function openSocket(url: string): Socket {
  const { hostname, port } = new URL(url);
  return connect(Number(port), hostname);
}

/** The bytes of a request; it asks the server to close the connection afterwards. */
export function rawText(url: string, path: string, request: RawRequest = {}): string {
  const { method = 'GET', version = '1.1', body = '', headers = {} } = request;
  const length = body === '' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  const all = { Host: new URL(url).host, Connection: 'close', ...length, ...headers } as Record<
    string,
    string | undefined
  >;
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : `${name}: ${value}`));
  return [`${method} ${path} HTTP/${version}`, ...lines, '', body].join('\r\n');
}

/** All that a server sends until it closes; a reset after the answer is an end, too. */
export async function rawAnswer(socket: Socket): Promise<RawAnswer> {
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (piece: string) => (text += piece));
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => (socket.closed ? resolve() : socket.once('close', () => resolve())));
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  return {
    status: Number(first.split(' ')[1]),
    headers: Object.fromEntries(lines.map((line) => pairOf(line))),
    body: rest.join('\r\n\r\n'),
  };
}

function pairOf(line: string): [name: string, value: string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}
