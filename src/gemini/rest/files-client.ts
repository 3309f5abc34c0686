import { TransientStepError } from '../../job/errors.js';
import type { GeminiKey, UploadedFile } from '../gemini-api.js';
import { troubled } from '../gemini-errors.js';
import { withinTime } from '../within-time.js';
import { awaitActive, type PollPace } from './await-active.js';
import { restCall, type Resource } from './rest-call.js';
import { upload } from './upload.js';

/** Longest time in which no byte of an upload moves, and for one of the small calls. */
const IDLE_MS = 60_000;

/** Google's Files API: videos that are too large to be sent within a question. */
export class FilesClient {
  private readonly idleMs: number;

  /** @param timeoutMs longest wait for one answer */
  constructor(
    private readonly baseUrl: string,
    timeoutMs: number,
    private readonly patience: PollPace,
  ) {
    this.idleMs = Math.min(IDLE_MS, timeoutMs);
  }

  async upload(key: GeminiKey, file: string, mimeType: string, signal: AbortSignal): Promise<UploadedFile> {
    const resource = await withinTime(this.idleMs, signal, (either, moved) =>
      upload(this.baseUrl, key, file, mimeType, either, moved),
    );
    return uploadedFile(resource['file'], mimeType);
  }

  async waitActive(key: GeminiKey, file: UploadedFile, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    try {
      await awaitActive(file, () => this.call('GET', key, file, signal), this.patience, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  }

  async delete(key: GeminiKey, file: UploadedFile, signal: AbortSignal): Promise<void> {
    try {
      await this.call('DELETE', key, file, signal);
    } catch (error) {
      if (!(error instanceof TransientStepError && error.code === 'GEMINI_FILE_GONE')) throw error;
    }
  }

  private call(method: 'GET' | 'DELETE', key: GeminiKey, { name }: UploadedFile, signal: AbortSignal) {
    const url = `${this.baseUrl}/v1beta/${name}`;
    return withinTime(this.idleMs, signal, async (either): Promise<Resource> => {
      const { resource } = await restCall(url, key, { method }, either);
      return resource;
    });
  }
}

function uploadedFile(file: unknown, mimeType: string): UploadedFile {
  const { name, uri } = (file ?? {}) as Record<string, unknown>;
  // The name becomes part of an address.
  if (typeof name === 'string' && /^files\/[\w-]+$/.test(name) && typeof uri === 'string')
    return { name, uri, mimeType };
  throw troubled('GEMINI_BAD_REPLY', 'Gemini took the upload but did not name it; check GEMINI_BASE_URL.');
}
