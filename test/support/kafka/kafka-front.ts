import { EventEmitter, once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { readdressed, tooLarge, withSasl } from './answers.js';
import { API, FrameCutter, framed, headOf, type ApiName, type RequestHead } from './frames.js';
import { SaslDoor, type SaslRules } from './sasl-door.js';

/** What stands before the broker. */
export interface FrontOptions {
  readonly tls?: TlsOptions;
  readonly sasl?: SaslRules;
}

/**
 * Stands before the one broker of a `MockCluster`, at an address of its own that stays: adds TLS and SASL, which that does
 * not know, counts requests, and goes away or holds its tongue on command. It reads frames, so that it can say in the
 * broker's answers that the broker is where the front is.
 */
export class KafkaFront {
  private readonly sockets = new Set<Socket>();
  private readonly seen = new Map<number, number>();
  private readonly requests = new EventEmitter();
  private readonly silent = new Set<number>();
  private server: Server | undefined;
  private at = 0;
  /** What is produced in a request of more bytes is refused. */
  largest = Infinity;

  private constructor(
    private readonly target: number,
    private readonly options: FrontOptions,
  ) {}

  static async start(target: number, options: FrontOptions = {}): Promise<KafkaFront> {
    const front = new KafkaFront(target, options);
    await front.up();
    return front;
  }

  get port(): number {
    return this.at;
  }

  get address(): string {
    return `127.0.0.1:${this.at}`;
  }

  /** How often it was asked for something. */
  count(name: ApiName): number {
    return this.seen.get(API[name]) ?? 0;
  }

  /** Resolves with the next request of the name, before the broker hears of it. */
  async next(name: ApiName): Promise<void> {
    await once(this.requests, String(API[name]));
  }

  /** What is asked by this name is no longer passed on, so that nobody answers; or it is again. */
  hold(name: ApiName, isHeld = true): void {
    if (isHeld) this.silent.add(API[name]);
    else this.silent.delete(API[name]);
  }

  /** Listens, at the same port as before. */
  async up(): Promise<void> {
    const { tls } = this.options;
    const accept = (socket: Socket) => this.accept(socket);
    this.server = tls === undefined ? createServer(accept) : createTlsServer(tls, accept);
    this.server.on('tlsClientError', () => undefined);
    this.server.listen(this.at, '127.0.0.1');
    await once(this.server, 'listening');
    this.at = (this.server.address() as AddressInfo).port;
  }

  /** Breaks every connection and lets none in. */
  async down(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    this.server = undefined;
    const closed = once(server, 'close');
    server.close();
    this.cut();
    await closed;
  }

  /** Breaks every connection; new ones are welcome. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private accept(client: Socket): void {
    const broker = connect(this.target, '127.0.0.1');
    const line = new FrontLine(client, broker, {
      port: this.at,
      sasl: this.options.sasl,
      asked: (head) => this.note(head),
      largest: () => this.largest,
    });
    this.sockets.add(client);
    client.on('close', () => this.sockets.delete(client));
    line.open();
  }

  /** Gives whether the request is passed on. */
  private note({ api }: RequestHead): boolean {
    this.seen.set(api, (this.seen.get(api) ?? 0) + 1);
    this.requests.emit(String(api));
    return !this.silent.has(api);
  }
}

interface LineRules {
  readonly port: number;
  readonly sasl: SaslRules | undefined;
  readonly asked: (head: RequestHead) => boolean;
  readonly largest: () => number;
}

/** One client's connection. */
class FrontLine {
  private readonly asked = new Map<number, RequestHead>();
  private readonly door: SaslDoor | undefined;

  constructor(
    private readonly client: Socket,
    private readonly broker: Socket,
    private readonly rules: LineRules,
  ) {
    this.door = rules.sasl && new SaslDoor(rules.sasl);
  }

  open(): void {
    this.read(this.client, this.broker, (request) => this.ask(request));
    this.read(this.broker, this.client, (answer) => this.tell(answer));
  }

  private read(from: Socket, to: Socket, take: (frame: Buffer) => void): void {
    const cutter = new FrameCutter();
    from.on('data', (bytes) => cutter.cut(bytes).forEach(take));
    from.on('error', () => undefined);
    from.on('close', () => to.destroy());
  }

  private ask(request: Buffer): void {
    const head = headOf(request);
    const isPassed = this.rules.asked(head);
    if (this.door !== undefined && (head.api === API.saslHandshake || head.api === API.saslAuthenticate)) {
      this.client.write(framed(this.door.answer(request)));
      return;
    }
    if (head.api === API.produce && request.length > this.rules.largest()) {
      this.client.write(framed(tooLarge(request)));
      return;
    }
    if (this.door?.isOpen === false && head.api !== API.apiVersions) this.client.destroy();
    else if (isPassed) {
      this.asked.set(head.correlation, head);
      this.broker.write(framed(request));
    }
  }

  private tell(answer: Buffer): void {
    const correlation = answer.readInt32BE(0);
    const head = this.asked.get(correlation);
    this.asked.delete(correlation);
    if (head === undefined) return;
    const isList = this.door !== undefined && head.api === API.apiVersions && head.version < 3;
    this.client.write(framed(isList ? withSasl(answer) : readdressed(answer, head, this.rules.port)));
  }
}
