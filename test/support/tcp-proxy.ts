import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';

/** A line between a client and a server on this machine that misbehaves on command. */
export class TcpProxy {
  private readonly lines = new Set<Line>();
  private delayMs = 0;
  private swallowsNew = false;
  private losesAnswers = false;

  private constructor(
    private readonly server: Server,
    private readonly target: number,
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  /** Listens on a free port and passes everything on to `target`. */
  static async start(target: number): Promise<TcpProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server, target);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Breaks every connection; new ones are welcome. */
  cut(): void {
    for (const line of this.lines) line.cut();
  }

  /** Holds all bytes back for so long, then passes them on in order. ms */
  async stall(ms: number): Promise<void> {
    const stalled = [...this.lines];
    for (const line of stalled) line.hold(true);
    await after(ms);
    for (const line of stalled) line.hold(false);
  }

  /** From now on every piece takes so much longer on its way. ms */
  slow(delayMs: number): void {
    this.delayMs = delayMs;
  }

  /** Present connections become black holes: bytes vanish, nothing is closed, not even when one side closes. */
  swallow(): void {
    for (const line of this.lines) line.swallow();
  }

  /** Whether connections made from now on are black holes from the start. */
  swallowNew(swallows: boolean): void {
    this.swallowsNew = swallows;
  }

  /** Whether what the server says vanishes on its way. */
  loseAnswers(losesThem: boolean): void {
    this.losesAnswers = losesThem;
  }

  async stop(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(client: Socket): void {
    const line = new Line(
      client,
      connect(this.target, '127.0.0.1'),
      () => this.delayMs,
      () => this.losesAnswers,
    );
    this.lines.add(line);
    line.onEnd(() => this.lines.delete(line));
    if (this.swallowsNew) line.swallow();
  }
}

/** One connection through the proxy. */
class Line {
  private swallowing = false;

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly delayMs: () => number,
    private readonly losesAnswers: () => boolean,
  ) {
    this.pass(client, server);
    this.pass(server, client);
  }

  onEnd(listener: () => void): void {
    this.server.on('close', listener);
  }

  cut(): void {
    this.client.destroy();
    this.server.destroy();
  }

  hold(held: boolean): void {
    for (const side of [this.client, this.server]) {
      if (held) side.pause();
      else side.resume();
    }
  }

  swallow(): void {
    this.swallowing = true;
  }

  private pass(from: Socket, to: Socket): void {
    let passed: Promise<unknown> = Promise.resolve();
    from.setNoDelay(true);
    from.on('error', () => undefined);
    from.on('data', (bytes) => {
      const onItsWay = this.delayMs() > 0 ? after(this.delayMs()) : undefined;
      // One piece after the other, lest a slow one is overtaken.
      passed = passed.then(() => onItsWay).then(() => this.deliver(to, bytes));
    });
    from.on('close', () => {
      if (!this.swallowing) void passed.then(() => to.destroy());
    });
  }

  private deliver(to: Socket, bytes: Buffer): void {
    const isLost = this.swallowing || (to === this.client && this.losesAnswers());
    if (!isLost && !to.destroyed) to.write(bytes);
  }
}
