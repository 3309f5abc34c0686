import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Random } from '../chaos/random.js';

/** A line to a server on this machine that changes some of what the server says, then hangs up: nobody waits for the rest. */
export class ManglingLine {
  /** The share of pieces that are changed. */
  share = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: number,
    private readonly random: Random,
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  static async start(target: number, random: Random): Promise<ManglingLine> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ManglingLine(server, target, random);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(client: Socket): void {
    const server = connect(this.target, '127.0.0.1');
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    client.on('data', (bytes) => server.write(bytes));
    server.on('data', (bytes) => {
      if (this.random.next() >= this.share) client.write(bytes);
      else client.end(this.mangle(bytes));
    });
  }

  private mangle(bytes: Buffer): Buffer {
    const at = Math.floor(this.random.between(0, bytes.length));
    const until = at + Math.floor(this.random.between(1, 40));
    const piece = bytes.subarray(at, until);
    switch (Math.floor(this.random.between(0, 4))) {
      case 0:
        return bytes.subarray(0, at);
      case 1:
        return Buffer.concat([bytes.subarray(0, at), piece, piece, bytes.subarray(until)]);
      case 2:
        return Buffer.concat([bytes.subarray(0, at), bytes.subarray(until)]);
      default:
        return Buffer.concat([
          bytes.subarray(0, at),
          Buffer.from(piece.map((old) => old ^ 0x15)),
          bytes.subarray(until),
        ]);
    }
  }
}
