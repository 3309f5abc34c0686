import { CameraLeases } from '../../src/recording/camera-leases.js';
import { randomUUID } from 'node:crypto';
import { joinPieces } from '../../src/capture/recording/join-pieces.js';
import { RecordingTap, type TapPatience } from '../../src/capture/recording/recording-tap.js';
import { connect } from '../../src/redis/connection.js';
import { Link } from '../../src/redis/link.js';
import type { CameraToRecord } from '../../src/recording/camera-recording.js';
import type { RecordingEvents } from '../../src/recording/recording-events.js';
import { Recordings } from '../../src/recording/recordings.js';
import { SegmentFinisher } from '../../src/recording/pieces/segment-finisher.js';
import type { CaptureBench } from '../support/capture-bench.js';

const nothing = (): void => undefined;

/** What happened, in order: `taken cam_1`, `broke cam_1 HLS_NOT_FOUND`. */
export class HeardEvents implements RecordingEvents {
  readonly heard: string[] = [];
  readonly taken = (cctvId: string): void => this.note('taken', cctvId);
  readonly given = (cctvId: string): void => this.note('given', cctvId);
  readonly recording = (cctvId: string): void => this.note('recording', cctvId);
  readonly broke = (cctvId: string, error: unknown): void =>
    this.note('broke', cctvId, (error as { code: string }).code);
  readonly finished = (_cctvId: string, path: string): void => this.note('finished', path);
  readonly joinFailed = (_cctvId: string, path: string, error: unknown): void =>
    this.note('failed', path, String(error));
  readonly deleted = (count: number, reason: string): void => this.note('deleted', String(count), reason);
  readonly keepingFailed = (error: unknown): void => this.note('keeping failed', String(error));
  readonly leasesLost = (): void => this.note('leases lost');
  readonly leasesBack = (): void => this.note('leases back');
  readonly active = nothing;

  /** Those that begin so. */
  count(beginning: string): number {
    return this.heard.filter((event) => event.startsWith(beginning)).length;
  }

  private note(...words: string[]): void {
    this.heard.push(words.join(' '));
  }
}

export interface ReplicaOptions {
  readonly bench: CaptureBench;
  readonly redisUrl: string;
  readonly directory: string;
  /** URL by camera. */
  readonly cameras: Readonly<Record<string, string>>;
  readonly lengthMs: number;
  readonly patience?: TapPatience;
  readonly leaseMs?: number;
}

/** All of a replica's recording, with a connection of its own, at the pace of a test. */
export class Replica {
  readonly events = new HeardEvents();
  readonly recordings: Recordings;
  private readonly link: Link;

  constructor({ bench, redisUrl, directory, cameras, lengthMs, patience, leaseMs = 1_500 }: ReplicaOptions) {
    this.link = new Link(connect({ url: redisUrl }, 'producer'));
    const tap = new RecordingTap(bench.guarded, patience);
    const join = (files: JoinFiles, signal: AbortSignal): Promise<void> => joinPieces(bench.build, files, signal);
    const finisher = new SegmentFinisher({ directory, lengthMs }, join, this.events);
    this.recordings = new Recordings(
      Object.entries(cameras).map(([cctvId, hls]): CameraToRecord => ({
        cctvId,
        hls,
        pieceMs: lengthMs,
        restartMs: 300,
      })),
      new CameraLeases(this.link, { stream: 'stream:test', recorder: randomUUID(), lastsMs: leaseMs }),
      { record: (request, onPiece, signal) => tap.record(request, onPiece, signal), finisher, events: this.events },
      { renewMs: leaseMs / 5 },
    );
  }

  /** Ends it as SIGKILL would end its say: nothing is given back. */
  async vanish(): Promise<void> {
    this.link.connection.disconnect();
    await this.recordings.stop();
  }

  async stop(): Promise<void> {
    await this.recordings.stop();
    await this.link.close();
  }
}

type JoinFiles = Parameters<typeof joinPieces>[1];
