import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { captureError } from '../../src/capture/ending/capture-errors.js';
import { CameraRecording, type RecordCamera } from '../../src/recording/camera-recording.js';
import { SegmentFinisher, type Join } from '../../src/recording/pieces/segment-finisher.js';
import { eventually } from '../support/eventually.js';
import { useFolder } from '../support/use-folder.js';
import { HeardEvents } from './replica.js';

const LENGTH_MS = 600_000;
const LONG_AGO_S = Math.floor((Date.now() - 10 * LENGTH_MS) / LENGTH_MS) * (LENGTH_MS / 1000);

/** Records nothing until it is told to stop. */
const record: RecordCamera = (_request, _onPiece, signal) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

/** A disk that does not answer. */
const hang: Join = async ({ output }, signal) => {
  await writeFile(output, 'a part of it');
  await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
};

const directory = useFolder('camera-recording');

describe('a camera whose pieces take long to be joined', () => {
  let events: HeardEvents;
  const recorded: string[] = [];

  beforeEach(async () => {
    events = new HeardEvents();
  });

  const pieces = (cctvId: string): string => directory.at(cctvId, '.recording');

  async function leavePiece(cctvId: string): Promise<void> {
    await mkdir(pieces(cctvId), { recursive: true });
    await writeFile(join(pieces(cctvId), `${LONG_AGO_S}-aa.ts`), Buffer.alloc(188));
  }

  function start(cctvId: string, finisher: SegmentFinisher): CameraRecording {
    const noted: RecordCamera = (request, onPiece, signal) => {
      recorded.push(cctvId);
      return record(request, onPiece, signal);
    };
    return new CameraRecording({ cctvId, hls: 'http://camera/', pieceMs: 60_000 }, noted, finisher, events);
  }

  const isJoining = async (cctvId: string): Promise<boolean> =>
    (await readdir(pieces(cctvId))).some((name) => name.endsWith('.mp4'));

  it('keeps neither itself nor another from being recorded, nor from being stopped, and leaves no half file', async () => {
    await leavePiece('slow');
    const finisher = new SegmentFinisher({ directory: directory.path, lengthMs: LENGTH_MS }, hang, events);
    const slow = start('slow', finisher);
    await eventually('it is being joined', () => isJoining('slow'));
    const other = start('other', finisher);
    await eventually('both are recorded', () => recorded.includes('slow') && recorded.includes('other'));
    await other.stop();
    expect(await isJoining('slow')).toBe(true);
    await slow.stop();
    expect(await readdir(pieces('slow'))).toEqual([`${LONG_AGO_S}-aa.ts`]);
    expect(events.heard).toEqual([]);
  });

  it('says why no segment comes when pieces cannot be joined', async () => {
    await leavePiece('slow');
    const full: Join = () => Promise.reject(captureError('DISK_FULL'));
    const recording = start(
      'slow',
      new SegmentFinisher({ directory: directory.path, lengthMs: LENGTH_MS }, full, events),
    );
    const since = recording.lastSegmentAt;
    await eventually('it failed', () => events.count('failed slow') > 0);
    expect(recording).toMatchObject({ trouble: 'DISK_FULL', lastSegmentAt: since });
    await recording.stop();
  });

  it('is joined by two at once under names of their own', async () => {
    await leavePiece('slow');
    const finishers = [0, 1].map(
      () => new SegmentFinisher({ directory: directory.path, lengthMs: LENGTH_MS }, hang, events),
    );
    const recordings = finishers.map((finisher) => start('slow', finisher));
    const halves = async () => (await readdir(pieces('slow'))).filter((name) => name.endsWith('.mp4'));
    await eventually('both are at it', async () => (await halves()).length === 2);
    await Promise.all(recordings.map((recording) => recording.stop()));
    expect(await halves()).toEqual([]);
  });
});
