import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '../../artifacts/artifact-store.js';
import { segmentError } from '../../capture/segment/segment-errors.js';
import type { SegmentSource } from '../../capture/segment/segment-source.js';
import type { SegmentTools } from '../../capture/segment/segment-tools.js';
import type { QuestionSubject } from '../../gemini/gemini.js';
import { PermanentStepError } from '../../job/errors.js';
import type { Run } from '../../job/handler.js';
import { nameOfSubject, type AssessmentJob, type PictureSubject, type VideoSubject } from '../assessment-job.js';
import type { SourceFacts } from '../cache/analysis.js';
import type { SegmentFolder } from '../../capture/segment/segment-folder.js';
import { steady, type SteadySettings } from './steady-file.js';

/** What there is to judge, ready to be sent. */
export interface Footage {
  readonly media: QuestionSubject;
  /** s; 0 for a picture */
  readonly seconds: number;
  readonly facts: SourceFacts;
}

export interface FootageSettings extends SteadySettings {
  /** Larger videos are refused. */
  readonly maxBytes: number;
}

/** Google takes 20 MB in a question, and a picture grows by a third on its way. */
const PICTURE_MAX_BYTES = 14 * 1024 * 1024;
const VIDEO_TYPE = 'video/mp4';

/** Gets hold of what a job is about, looks whether it can be judged, and makes videos small. */
export class FootageMaker {
  constructor(
    private readonly folder: SegmentFolder,
    private readonly store: ArtifactStore,
    private readonly tools: SegmentTools,
    private readonly settings: FootageSettings,
  ) {}

  /**
   * Works in the steps `wait`, `check` and, for a video, `shrink`.
   * @param workspace for temporary files, which have to stay until the footage was sent
   * @throws by `segment-errors.ts`, `SegmentFolder`, `steady` and `ArtifactStore.fetch`; PICTURE_UNREADABLE; the signal's reason
   */
  make({ subject, enqueuedAt }: AssessmentJob, workspace: string, run: Run): Promise<Footage> {
    if (subject.kind === 'picture') return this.makePicture(subject, workspace, run);
    return this.makeVideo(subject, enqueuedAt, workspace, run);
  }

  private async makeVideo(subject: VideoSubject, enqueuedAt: number, workspace: string, run: Run): Promise<Footage> {
    const { signal } = run;
    const { source, bytes } = await run.step('wait', () => this.original(subject, enqueuedAt, workspace, signal));
    const claimed = await run.step('check', async () => {
      if (bytes !== undefined && bytes > this.settings.maxBytes) throw segmentError('SEGMENT_TOO_LARGE');
      return this.tools.probe(source, signal);
    });
    const file = join(workspace, 'small.mp4');
    const small = await run.step('shrink', () => this.tools.shrink(source, claimed, file, signal));
    const facts: SourceFacts = {
      kind: 'video',
      name: nameOfSubject(subject),
      bytes: bytes ?? small.fetchedBytes ?? 0,
      claimedSeconds: claimed.seconds,
      width: claimed.width,
      height: claimed.height,
      sentBytes: small.bytes,
    };
    return { media: { kind: 'video', mimeType: VIDEO_TYPE, file, bytes: small.bytes }, seconds: small.seconds, facts };
  }

  /** Where the video is, once it is whole; its bytes are not known before a URL was read. */
  private async original(
    subject: VideoSubject,
    enqueuedAt: number,
    workspace: string,
    signal: AbortSignal,
  ): Promise<{ source: SegmentSource; bytes: number | undefined }> {
    if (subject.from === 'url') return { source: { kind: 'url', url: subject.url }, bytes: undefined };
    if (subject.from === 'artifact') {
      const path = join(workspace, 'original');
      const bytes = await this.store.fetch(subject.name, path, this.settings.maxBytes, signal);
      return { source: { kind: 'file', path }, bytes };
    }
    const path = await this.folder.find(subject.path);
    const look = () => this.folder.look(path, subject.path);
    const { bytes } = await steady(look, enqueuedAt, this.settings, signal);
    return { source: { kind: 'file', path }, bytes };
  }

  private async makePicture(subject: PictureSubject, workspace: string, run: Run): Promise<Footage> {
    const file = join(workspace, 'picture');
    await run.step('wait', () => this.store.fetch(subject.name, file, PICTURE_MAX_BYTES, run.signal));
    const { mimeType, bytes } = await run.step('check', async () => ({
      mimeType: await typeOfPicture(file),
      bytes: await readFile(file),
    }));
    const facts: SourceFacts = {
      ...{ kind: 'picture', name: nameOfSubject(subject), bytes: bytes.length, sentBytes: bytes.length },
      ...{ claimedSeconds: null, width: null, height: null },
    };
    return { media: { kind: 'picture', mimeType, bytes }, seconds: 0, facts };
  }
}

/** How files of these types begin. */
const SIGNATURES: readonly (readonly [string, RegExp])[] = [
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/png', /^\x89PNG\r\n/],
  ['image/webp', /^RIFF[^]{4}WEBP/],
];

async function typeOfPicture(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const head = Buffer.alloc(16);
    await handle.read(head);
    const type = SIGNATURES.find(([, signature]) => signature.test(head.toString('latin1')))?.[0];
    if (type !== undefined) return type;
    throw new PermanentStepError('PICTURE_UNREADABLE', 'The artifact is no JPEG, PNG or WebP picture.');
  } finally {
    await handle.close();
  }
}
