import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { ACTIONS, type Action, type ActionName } from './actions.js';
import { ERRORS, SqsError } from './sqs-error.js';
import { SqsQueue, type QueueOptions } from './sqs-queue.js';

/**
 * What the server does in the place of an answer. `cut`: ends the connection unheard. `cut-after`: does what was asked and then
 * ends it. `silent`: never answers. `bad-md5`: answers with checksums that are not right.
 */
export type Fault = keyof typeof ERRORS | 'cut' | 'cut-after' | 'silent' | 'bad-md5';

/** One call that came. */
export interface Call {
  readonly action: ActionName;
  readonly input: Record<string, unknown>;
  readonly key: string | undefined;
  readonly at: number;
}

const REGION = 'eu-west-1';
const ACCOUNT = '000000000000';

/** SQS over real HTTP, by the AWS JSON 1.0 protocol, with queues in memory and faults on demand. */
export class SqsServer {
  readonly calls: Call[] = [];
  /** Session tokens by access key that are good; without an entry for a key any token is. */
  readonly expired = new Set<string>();
  /** Access keys that are known; empty: all. */
  readonly known = new Set<string>();
  private readonly queues = new Map<string, SqsQueue>();
  private readonly faults: { action: ActionName | 'any'; fault: Fault; times: number }[] = [];
  private readonly failing = new Map<string, string>();
  private port = 0;
  private server: Server | undefined;

  static async start(): Promise<SqsServer> {
    const server = new SqsServer();
    await server.up();
    return server;
  }

  queue(name: string, options: QueueOptions = {}): SqsQueue {
    const known = this.queues.get(name);
    if (known !== undefined) return known;
    const queue = new SqsQueue(name, options);
    this.queues.set(name, queue);
    return queue;
  }

  url(name: string): string {
    return `http://127.0.0.1:${this.port}/${ACCOUNT}/${name}`;
  }

  /** The next calls of an action, or of any, come to this. */
  fail(action: ActionName | 'any', fault: Fault, times = Infinity): void {
    this.faults.push({ action, fault, times });
  }

  /** Entries of a batch whose body or receipt holds this text fail, in the midst of others that do not. */
  failEntries(part: string, code: string): void {
    this.failing.set(part, code);
  }

  /** What was to fail does no longer. */
  heal(): void {
    this.faults.length = 0;
    this.failing.clear();
  }

  /** How often an action was called. */
  count(action: ActionName): number {
    return this.calls.filter((call) => call.action === action).length;
  }

  /** Listens (again), on the same port. */
  async up(): Promise<void> {
    this.server = createServer((request, response) => void this.answer(request, response));
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Cuts every connection and listens no more. Queues keep what they hold. */
  async down(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    this.server = undefined;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await text(request);
      const name = String(request.headers['x-amz-target']).replace('AmazonSQS.', '') as ActionName;
      const input = JSON.parse(body) as Record<string, unknown>;
      const { key, token } = credentialsOf(request);
      this.calls.push({ action: name, input, key, at: Date.now() });
      const fault = this.faultOf(name);
      if (fault === 'cut') return void request.socket.destroy();
      if (fault === 'silent') return;
      this.checkCredentials(key, token);
      if (fault !== undefined && fault in ERRORS) throw ERRORS[fault as keyof typeof ERRORS]();
      const action = (ACTIONS as Partial<Record<string, Action>>)[name];
      if (action === undefined)
        throw new SqsError('InvalidAction', `The action ${name} is not valid for this endpoint.`);
      const output = await action({
        queue: this.named(input),
        input,
        failing: this.failing,
        signal: endOf(response),
        region: REGION,
      });
      if (fault === 'cut-after') return void request.socket.destroy();
      const told = JSON.stringify(output);
      send(
        response,
        200,
        fault === 'bad-md5' ? told.replace(/("MD5Of(?:Message)?Body":")[0-9a-f]{4}/g, '$10000') : told,
      );
    } catch (error) {
      if (!(error instanceof SqsError)) throw error;
      const { type, message, queryCode, status } = error;
      response.setHeader('x-amzn-query-error', `${queryCode};${status < 500 ? 'Sender' : 'Receiver'}`);
      send(response, status, JSON.stringify({ __type: `com.amazonaws.sqs#${type}`, message }));
    }
  }

  private named({ QueueUrl }: Record<string, unknown>): SqsQueue {
    const queue = this.queues.get(String(QueueUrl).split('/').at(-1) ?? '');
    if (queue === undefined) throw ERRORS.noQueue();
    return queue;
  }

  private faultOf(name: ActionName): Fault | undefined {
    const found = this.faults.find(({ action, times }) => times > 0 && (action === 'any' || action === name));
    if (found !== undefined) found.times -= 1;
    return found?.fault;
  }

  private checkCredentials(key: string | undefined, token: string | undefined): void {
    if (key === undefined)
      throw new SqsError('MissingAuthenticationToken', 'Missing Authentication Token', undefined, 403);
    if (this.known.size > 0 && !this.known.has(key)) throw ERRORS.unknownKey();
    if (token !== undefined && this.expired.has(token)) throw ERRORS.expired();
  }
}

function credentialsOf({ headers }: IncomingMessage): { key: string | undefined; token: string | undefined } {
  const key =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/[\w-]+\/sqs\/aws4_request, SignedHeaders=\S+, Signature=[0-9a-f]{64}$/.exec(
      headers.authorization ?? '',
    )?.[1];
  const token = headers['x-amz-security-token'];
  return { key, token: typeof token === 'string' ? token : undefined };
}

function endOf(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => controller.abort());
  return controller.signal;
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
}
