import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Transform } from 'node:stream';
import type { SwiftLab } from './swift-lab.js';

/**
 * How a call goes wrong: an answer that Swift did not give (once the body is read, or at once), a connection cut in the middle of
 * the body, one that never answers, one that answers something other than HTTP, a bit that flips on its way.
 */
export type Fault =
  | { status: number; headers?: Record<string, string>; body?: string; early?: boolean }
  | 'cut'
  | 'hang'
  | 'garbage'
  | 'flip';

/** A call as it arrived. */
export interface SeenCall {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
}

/**
 * Stands before the lab's Keystone and Swift, and in the catalog in Swift's place. Passes everything on, except what a test
 * has asked it to spoil.
 */
export class FaultProxy {
  readonly calls: SeenCall[] = [];
  /** Decides for each call to Swift. */
  spoil: (call: SeenCall) => Fault | undefined = () => undefined;
  /** Changes the text of Keystone's answers. */
  rewrite: (answer: string) => string = (answer) => answer;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly lab: SwiftLab,
  ) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => this.pass(request, response));
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket)).on('error', () => undefined);
    });
  }

  static async start(lab: SwiftLab): Promise<FaultProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FaultProxy(server, lab);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Where S3 is, through this. */
  get s3Endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get authUrl(): string {
    return `http://127.0.0.1:${this.port}/v3`;
  }

  /** Authentications so far. */
  get logins(): number {
    return this.calls.filter(({ path }) => path === '/v3/auth/tokens').length;
  }

  /** Calls to Swift so far. */
  get swiftCalls(): SeenCall[] {
    return this.calls.filter(({ path }) => path.startsWith('/v1/'));
  }

  /** Spoils the next calls, one each, then none. */
  spoilNext(...faults: Fault[]): void {
    this.spoil = () => faults.shift();
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private pass(request: IncomingMessage, response: ServerResponse): void {
    const call = { method: String(request.method), path: String(request.url), headers: request.headers };
    this.calls.push(call);
    if (call.path.startsWith('/v3')) this.passToKeystone(request, response);
    else this.passToSwift(request, response, this.spoil(call));
  }

  private passToKeystone(request: IncomingMessage, response: ServerResponse): void {
    const onward = this.onward(request, response, this.lab.keystonePort, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const own = Buffer.concat(chunks).toString().replaceAll(`:${this.lab.proxyPort}/`, `:${this.port}/`);
        const text = this.rewrite(own);
        const headers = { ...answer.headers, 'content-length': Buffer.byteLength(text) };
        response.writeHead(answer.statusCode ?? 502, headers).end(text);
      });
    });
    request.pipe(onward);
  }

  private passToSwift(request: IncomingMessage, response: ServerResponse, fault: Fault | undefined): void {
    if (typeof fault === 'object') return this.refuse(request, response, fault);
    if (fault === 'hang') return void request.resume();
    if (fault === 'garbage') return void request.socket.end('garbage\r\n\r\n');
    if (fault === 'cut') return void request.once('data', () => request.socket.destroy());
    const onward = this.onward(request, response, this.lab.proxyPort, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(fault === 'flip' ? flipper() : new Transform({ transform: same })).pipe(onward);
  }

  private refuse(request: IncomingMessage, response: ServerResponse, fault: Fault & object): void {
    const answer = (): void =>
      void response.writeHead(fault.status, fault.headers).end(fault.body ?? '<html>spoiled</html>');
    request.resume();
    if (fault.early === true) answer();
    else request.once('end', answer);
  }

  private onward(
    request: IncomingMessage,
    response: ServerResponse,
    port: number,
    answered: (answer: IncomingMessage) => void,
  ): ReturnType<typeof httpRequest> {
    const { method, url: path, headers } = request;
    const onward = httpRequest({ host: '127.0.0.1', port, method, path, headers, agent: false }, answered);
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    return onward;
  }
}

type Done = (error: null, chunk: Buffer) => void;

function same(chunk: Buffer, _encoding: string, done: Done): void {
  done(null, chunk);
}

function flipper(): Transform {
  let isFlipped = false;
  return new Transform({
    transform(chunk: Buffer, _encoding: string, done: Done) {
      const bytes = Buffer.from(chunk);
      if (!isFlipped) bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
      isFlipped = true;
      done(null, bytes);
    },
  });
}
