import { CameraLeases } from './camera-leases.js';
import { Global, Module } from '@nestjs/common';
import { Cameras } from '../cameras/camera.js';
import { CamerasModule } from '../cameras/cameras.module.js';
import { CaptureModule } from '../capture/capture.module.js';
import { GuardedCapture } from '../capture/guarded-capture.js';
import { joinPieces } from '../capture/recording/join-pieces.js';
import { RecordingTap } from '../capture/recording/recording-tap.js';
import { Config } from '../config/config.js';
import { LOG, type Log } from '../log/log.js';
import { Metrics } from '../metrics/metrics.js';
import { consumerName } from '../queue/consumer-name.js';
import { SharedLinks } from '../redis/redis.module.js';
import type { CameraToRecord } from './camera-recording.js';
import { LoggedRecordings } from './logged-recordings.js';
import { RecordingKeeper } from './recording-keeper.js';
import { RecordingService } from './recording.service.js';
import { Recordings } from './recordings.js';
import { SegmentFinisher } from './pieces/segment-finisher.js';

/** A replica that died is missed after this at the latest. ms */
const LEASE_LASTS_MS = 15_000;
const RENEW_EVERY_MS = 5_000;
/** The longest piece: whatever happens, a segment loses no more than the end of one. ms */
const LONGEST_PIECE_MS = 60_000;

/** Recording of cameras in segments, shared among the replicas. */
@Global()
@Module({
  imports: [CamerasModule, CaptureModule],
  providers: [
    {
      provide: LoggedRecordings,
      inject: [LOG, Metrics],
      useFactory: (log: Log, metrics: Metrics) => new LoggedRecordings(log, metrics),
    },
    {
      provide: Recordings,
      inject: [Config, Cameras, GuardedCapture, SharedLinks, LoggedRecordings],
      useFactory: record,
    },
    { provide: RecordingKeeper, inject: [Config, LoggedRecordings], useFactory: keep },
    {
      provide: RecordingService,
      inject: [Recordings, RecordingKeeper],
      useFactory: (recordings: Recordings, keeper: RecordingKeeper) => new RecordingService(recordings, keeper),
    },
  ],
  exports: [Recordings],
})
export class RecordingModule {}

function record(
  { segments, queue }: Config,
  cameras: Cameras,
  capture: GuardedCapture,
  { prompt: link }: SharedLinks,
  events: LoggedRecordings,
): Recordings {
  const recorder = consumerName();
  const settings = { stream: queue.stream, recorder, lastsMs: LEASE_LASTS_MS };
  const leases = new CameraLeases(link, settings);
  const tap = new RecordingTap(capture);
  const finisher = new SegmentFinisher(segments, (files, signal) => joinPieces(capture.ffmpeg, files, signal), events);
  const pieceMs = pieceLengthMs(segments.lengthMs);
  return new Recordings(
    cameras.all.flatMap(({ cctvId, hls, headers, record: wanted }): CameraToRecord[] =>
      wanted && hls !== undefined ? [{ cctvId, hls, headers, pieceMs }] : [],
    ),
    leases,
    { record: (request, onPiece, signal) => tap.record(request, onPiece, signal), finisher, events },
    { renewMs: RENEW_EVERY_MS },
  );
}

/** The longest piece that segments consist of in whole numbers. Time zones differ by whole minutes, so no piece spans two segments. */
function pieceLengthMs(lengthMs: number): number {
  let [a, b] = [lengthMs, LONGEST_PIECE_MS];
  while (b > 0) [a, b] = [b, a % b];
  return a;
}

function keep({ segments }: Config, events: LoggedRecordings): RecordingKeeper {
  return new RecordingKeeper(segments, events);
}
