import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LOST_CAMERA } from './cameras.js';
import { SEGMENT_SECONDS, type Clip } from './clip.js';
import { countPackets, restamp, TICKS_PER_SECOND, type PacketCounts } from './restamp.js';

/** Segments a playlist names. */
const WINDOW = 6;
/** Segments that are still there after they left the playlist, for a client that read it a moment ago. */
const GRACE = 3;

interface Channel {
  clip: Clip;
  counts: PacketCounts;
}

/**
 * Serves clips as live HLS cameras on 127.0.0.1: `/<camera>/live.m3u8`, a window of segments that moves on with the wall
 * clock for ever. The clips loop, but their time stamps go on, so a client sees no jump.
 */
export class LiveOrigin {
  private readonly channels = new Map<string, Channel>();
  private readonly startedAt: number;

  private constructor(
    private readonly server: Server,
    clips: ReadonlyMap<string, Clip>,
  ) {
    // As if it had been running for a while: the first playlist is full at once.
    this.startedAt = Date.now() - WINDOW * SEGMENT_SECONDS * 1_000;
    for (const [camera, clip] of clips) this.channels.set(camera, { clip, counts: countPackets(clip.segments) });
    server.on('request', (request, response) => this.answer(request, response));
  }

  /** Starts a server on a free port. @param clips by camera */
  static async start(clips: ReadonlyMap<string, Clip>): Promise<LiveOrigin> {
    const server = createServer();
    const origin = new LiveOrigin(server, clips);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return origin;
  }

  /** `127.0.0.1:<port>` */
  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The playlist of a camera. */
  url(camera: string): string {
    return `http://${this.host}/${camera}/live.m3u8`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const [, camera = '', file = ''] = new URL(request.url ?? '/', 'http://origin').pathname.split('/');
    const channel = this.channels.get(camera);
    const segment = /^(\d+)\.ts$/.exec(file);
    if (channel && file === 'live.m3u8') send(response, 'application/vnd.apple.mpegurl', Buffer.from(this.playlist()));
    else if (channel && segment && this.isThere(Number(segment[1]))) {
      send(response, 'video/mp2t', segmentOf(channel, Number(segment[1])));
    } else response.writeHead(camera === LOST_CAMERA ? 503 : 404).end();
  }

  /** The number of segments that are complete by now; also the number of the one that is being recorded. */
  private get complete(): number {
    return Math.floor((Date.now() - this.startedAt) / (SEGMENT_SECONDS * 1_000));
  }

  private isThere(number: number): boolean {
    return number < this.complete && number >= this.complete - WINDOW - GRACE;
  }

  private playlist(): string {
    const first = Math.max(0, this.complete - WINDOW);
    const numbers = Array.from({ length: this.complete - first }, (_, i) => first + i);
    return [
      '#EXTM3U',
      '#EXT-X-VERSION:3',
      `#EXT-X-TARGETDURATION:${SEGMENT_SECONDS}`,
      `#EXT-X-MEDIA-SEQUENCE:${first}`,
      ...numbers.map((number) => `#EXTINF:${SEGMENT_SECONDS.toFixed(3)},\n${number}.ts`),
      '',
    ].join('\n');
  }
}

function segmentOf({ clip, counts }: Channel, number: number): Buffer {
  const count = clip.segments.length;
  const segment = clip.segments[number % count];
  if (!segment) throw new RangeError('The clip has no segments.');
  return restamp(segment, Math.floor(number / count), count * SEGMENT_SECONDS * TICKS_PER_SECOND, counts);
}

function send(response: ServerResponse, type: string, body: Buffer): void {
  response.writeHead(200, { 'content-type': type, 'content-length': body.length, 'cache-control': 'no-store' });
  response.end(body);
}
