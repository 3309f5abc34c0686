import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** A call as it came. */
export interface ReceivedCall {
  readonly at: number;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** How a receiver answers: a status with headers, or not at all. */
export type Reply = number | { status: number; headers?: Record<string, string> } | 'silence';

/** A server that is called, on 127.0.0.1. Answers 204 until it is told something else. */
export class WebhookReceiver {
  readonly calls: ReceivedCall[] = [];
  /** Most calls that were open at once. */
  mostOpen = 0;
  private readonly held: ServerResponse[] = [];
  private open = 0;

  private constructor(
    private readonly server: Server,
    private reply: (call: ReceivedCall) => Reply,
  ) {}

  static async start(reply: (call: ReceivedCall) => Reply = () => 204): Promise<WebhookReceiver> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const receiver = new WebhookReceiver(server, reply);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        receiver.take({ at: Date.now(), path: String(request.url), headers: request.headers, text }, response);
      });
    });
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  url(path = '/'): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** How it answers from now on. */
  answer(reply: (call: ReceivedCall) => Reply): void {
    this.reply = reply;
  }

  /** Calls at a path. */
  at(path: string): ReceivedCall[] {
    return this.calls.filter((call) => call.path.split('?')[0] === path);
  }

  /** Ends the calls that it has not answered. */
  letGo(status = 204): void {
    for (const response of this.held.splice(0)) response.writeHead(status).end();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private take(call: ReceivedCall, response: ServerResponse): void {
    this.calls.push(call);
    this.open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    response.once('close', () => (this.open -= 1));
    const reply = this.reply(call);
    if (reply === 'silence') return void this.held.push(response);
    const { status, headers = {} } = typeof reply === 'number' ? { status: reply } : reply;
    response.writeHead(status, headers).end();
  }
}

/** What receivers are told. */
export interface Message {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a receiver that knows the secret reads; throws where the signature is not right. */
export function verified({ text, headers }: ReceivedCall, secret: string): Message {
  return new Webhook(secret).verify(text, headers as Record<string, string>) as Message;
}

/** A secret of its own. */
export function newSecret(seed: string): string {
  return `whsec_${Buffer.from(seed.padEnd(32, '.')).toString('base64')}`;
}
