import { readFile } from 'node:fs/promises';
import type { GeminiApi, GeminiKey, GeminiMedia, UploadedFile } from './gemini-api.js';
import { refused } from './gemini-errors.js';
import type { GeminiEvents } from './gemini-events.js';
import type { InStep, QuestionSubject } from './gemini.js';

/** A deletion is worth so much of a stopping worker's time; Google deletes by itself after two days. ms */
const DELETE_WITHIN_MS = 5_000;

/** Who waits, and how it is told of what happens. */
export interface UploadContext {
  readonly key: GeminiKey;
  readonly signal: AbortSignal;
  readonly inStep: InStep;
}

/** Brings what a question is about to Google: within the question, or as an upload that is deleted afterwards. */
export class MediaUpload {
  /** @param inlineMaxBytes larger videos are uploaded */
  constructor(
    private readonly api: GeminiApi,
    private readonly events: Pick<GeminiEvents, 'notDeleted'>,
    private readonly inlineMaxBytes: number,
  ) {}

  /** Has `use` work with the media while Google has them. */
  async with<T>(
    subject: QuestionSubject,
    context: UploadContext,
    use: (media: GeminiMedia[]) => Promise<T>,
  ): Promise<T> {
    if (subject.kind === 'video' && subject.bytes > this.inlineMaxBytes) return this.upload(subject, context, use);
    const { mimeType } = subject;
    const bytes = subject.kind === 'picture' ? subject.bytes : await readVideo(subject.file, context.signal);
    return use([{ kind: 'inline', mimeType, bytes }]);
  }

  private async upload<T>(
    { file, mimeType }: QuestionSubject & { kind: 'video' },
    { key, signal, inStep }: UploadContext,
    use: (media: GeminiMedia[]) => Promise<T>,
  ): Promise<T> {
    const uploaded = await inStep('upload', () => this.api.uploadVideo(key, file, mimeType, signal));
    try {
      await inStep('processing', () => this.api.waitActive(key, uploaded, signal));
      return await use([{ kind: 'uploaded', mimeType, uri: uploaded.uri }]);
    } finally {
      await this.delete(key, uploaded);
    }
  }

  /** By a signal of its own: a job that was aborted cleans up as well. */
  private async delete(key: GeminiKey, file: UploadedFile): Promise<void> {
    try {
      await this.api.delete(key, file, AbortSignal.timeout(DELETE_WITHIN_MS));
    } catch (error) {
      this.events.notDeleted(file.name, error);
    }
  }
}

async function readVideo(file: string, signal: AbortSignal): Promise<Uint8Array> {
  try {
    return await readFile(file, { signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw refused('GEMINI_VIDEO_UNREADABLE', 'The video that was to be sent is not there any more.', cause);
  }
}
