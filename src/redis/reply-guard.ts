import { Redis } from 'ioredis';
import type { Connection } from './connection.js';

/** What a reply holds besides the entries: lengths, names of streams, the answers to small calls. Bytes. */
const OVERHEAD = 65_536;

/**
 * Watches how much comes in on a connection, and cuts it before one reply fills the memory: whoever reads entries learns
 * their size too late.
 */
export class ReplyGuard {
  private allowed = Infinity;
  private received = 0;
  private cut = false;

  constructor(private readonly connection: Connection) {
    if (connection instanceof Redis) this.watch(connection);
    else connection.on('+node', (node: Redis) => this.watch(node));
  }

  /** True when what came since the last {@link allow} was too much, and the connection was made anew. */
  get hasCut(): boolean {
    return this.cut;
  }

  /** So many bytes may come from now on. */
  allow(bytes: number): void {
    this.allowed = bytes + OVERHEAD;
    this.received = 0;
    this.cut = false;
  }

  private watch(node: Redis): void {
    node.on('connect', () => node.stream.on('data', (chunk: Buffer) => this.count(chunk.length)));
  }

  private count(bytes: number): void {
    this.received += bytes;
    if (this.received <= this.allowed || this.cut) return;
    this.cut = true;
    this.connection.disconnect(true);
  }
}
