import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { PermanentStepError } from '../../job/errors.js';
import { abortedBy } from '../../lib/aborted-by.js';
import { redactUrl } from '../../lib/redact.js';
import { ArtifactStore, type Artifact, type StoredArtifact, type StoreHealth } from '../artifact-store.js';
import { collect, notFound, receive } from '../folder/received-file.js';
import { partsOf } from '../name-parts.js';
import { Meter } from '../remote/content.js';
import { persist } from '../remote/persist.js';
import { RETRY_PACE, type RetryPace } from '../remote/retry-pace.js';
import { S3Link, type GivenHeaders, type ObjectHeaders } from './s3-link.js';
import { isS3Passing, S3Mismatch, S3Refusal, s3Error, type S3Place } from './s3.errors.js';
import type { S3Settings } from './s3.settings.js';
import { SUM_NAME, S3Upload, type TryHard } from './upload.js';

const DAY_S = 86_400;

const PROBE_BYTES = 16;
/** One packet that is lost is no outage. */
const CHECK_TRIES = 2;

/** S3's own limits. */
const MAX_KEY_BYTES = 1024;
const MAX_METADATA_BYTES = 2048 - 64;

/** What takes the content of an artifact. */
type Receiver<T> = (content: Readable) => Promise<T>;

/** Artifacts as objects of one bucket of anything that speaks S3. */
export class S3ArtifactStore extends ArtifactStore {
  private readonly link: S3Link;
  private readonly place: S3Place;
  /** Whether an object was once stored, read and removed again. */
  private isProven = false;

  constructor(
    private readonly settings: S3Settings,
    private readonly patience: RetryPace = RETRY_PACE,
  ) {
    super();
    this.link = new S3Link(settings, patience);
    const { endpoint, region, bucket, keyPrefix } = settings;
    const host = endpoint === undefined ? `AWS (${region})` : new URL(endpoint).host;
    this.place = { where: `The S3 store at ${host} (bucket ${bucket})`, bucket, keyPrefix };
  }

  describe(): string {
    const { endpoint, region, bucket, keyPrefix } = this.settings;
    const at = endpoint === undefined ? `AWS, region ${region}` : redactUrl(endpoint);
    return `S3 bucket ${bucket}${keyPrefix === '' ? '' : `, below ${keyPrefix}`} (${at})`;
  }

  /** The first time an object is stored, read and removed; from then on a look at the bucket does. */
  async check(bytes = 0): Promise<StoreHealth> {
    const signal = AbortSignal.timeout(this.patience.checkMs);
    const look = (): Promise<string> => (this.isProven && bytes === 0 ? this.look(signal) : this.prove(bytes, signal));
    try {
      const doubt = await persist(look, { ...this.patience, tries: CHECK_TRIES }, signal, isS3Passing);
      return { ok: true, message: `Artifacts go to the ${this.describe()}.${doubt}` };
    } catch (error) {
      return { ok: false, message: this.healthMessage(error, signal) };
    }
  }

  async put(name: string, artifact: Artifact, signal: AbortSignal): Promise<StoredArtifact> {
    const key = this.keyOf(name);
    signal.throwIfAborted();
    const content = artifact.source();
    const upload = new S3Upload(this.link, key, this.headersFor(artifact), this.tryHard(signal));
    const { bytes, md5 } = await (Buffer.isBuffer(content)
      ? upload.putBytes(content, signal)
      : upload.putStream(content, signal));
    return { name, contentType: artifact.contentType, bytes, md5, url: await this.urlOf(key, signal) };
  }

  async remove(name: string, signal: AbortSignal): Promise<void> {
    const key = this.keyOf(name);
    signal.throwIfAborted();
    await this.tryHard(signal)(() => this.link.remove(key, signal));
  }

  async fetch(name: string, file: string, maxBytes: number, signal: AbortSignal): Promise<number> {
    const intoFile: Receiver<number> = (content) => receive(content, file, maxBytes, name, signal);
    try {
      return await this.pour(name, intoFile, signal);
    } catch (error) {
      // A body that was cut is known as such only when it lies there.
      await rm(file, { force: true });
      throw error;
    }
  }

  read(name: string, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
    return this.pour(name, (content) => collect(content, maxBytes, name, signal), signal);
  }

  private async pour<T>(name: string, receiver: Receiver<T>, signal: AbortSignal): Promise<T> {
    const key = this.keyOf(name);
    signal.throwIfAborted();
    return this.tryHard(signal)(async () => {
      try {
        return await this.download(key, receiver, signal);
      } catch (error) {
        if (error instanceof S3Refusal && error.code === 'NoSuchKey') throw notFound(name, this.place.where, error);
        throw error;
      }
    });
  }

  /** One try. */
  private async download<T>(key: string, receiver: Receiver<T>, signal: AbortSignal): Promise<T> {
    const meter = new Meter();
    const failure = new AbortController();
    const receiving = receiver(meter);
    receiving.catch((error: unknown) => failure.abort(error));
    try {
      const given = await abortedBy([signal, failure.signal], (either) => this.link.get(key, meter, either));
      const received = await receiving;
      checkReceived(key, meter, given);
      return received;
    } catch (error) {
      meter.destroy();
      await receiving.catch(() => undefined);
      throw error;
    }
  }

  private headersFor({ contentType, metadata = {}, isLasting = false }: Artifact): ObjectHeaders {
    const { agingTag } = this.settings;
    return { contentType, metadata: fitting(metadata), tagging: isLasting ? undefined : agingTag };
  }

  /** Each call again while that may help; then the error as one of ours. */
  private tryHard(signal: AbortSignal): TryHard {
    return async (call) => {
      try {
        return await persist(call, this.patience, signal, mayPass);
      } catch (error) {
        signal.throwIfAborted();
        // What it looks like from outside is not enough from now on.
        this.isProven = false;
        throw s3Error(error, this.place);
      }
    };
  }

  /** A bucket that may not be looked at may be written into all the same. */
  private async look(signal: AbortSignal): Promise<string> {
    try {
      await this.link.look(signal);
      return '';
    } catch (error) {
      if (error instanceof S3Refusal) return this.prove(0, signal);
      throw error;
    }
  }

  /** Stores an object, reads it and removes it. Gives what there is to say beside "ok". */
  private async prove(bytes: number, signal: AbortSignal): Promise<string> {
    const key = this.keyOf(`.check-${randomUUID()}`);
    const once: TryHard = (call) => call();
    const probe = new S3Upload(this.link, key, this.headersFor({ contentType: 'text/plain', source: nothing }), once);
    await probe.putBytes(Buffer.alloc(Math.max(bytes, PROBE_BYTES)), signal);
    await this.download(key, (content) => collect(content, Number.MAX_SAFE_INTEGER, key, signal), signal);
    await this.link.remove(key, signal);
    this.isProven = true;
    return (await this.doubtOfListing(signal)) + (await this.doubtOfLinks());
  }

  private async doubtOfListing(signal: AbortSignal): Promise<string> {
    try {
      await this.link.look(signal);
      return '';
    } catch (error) {
      if (!(error instanceof S3Refusal) || error.status !== 403) throw error;
      return ` But these keys may not list it, and what is missing looks as if it were forbidden: allow them s3:ListBucket on ${this.place.bucket}.`;
    }
  }

  private async doubtOfLinks(): Promise<string> {
    if (this.settings.linkDays === 0 || !(await this.link.keysInUse()).areTemporary) return '';
    return ' Its keys are temporary: signed links end with them.';
  }

  private healthMessage(error: unknown, signal: AbortSignal): string {
    if (signal.aborted) return `${this.place.where} did not answer within ${this.patience.checkMs / 1000} s.`;
    const translated = s3Error(error, this.place);
    return translated instanceof Error ? translated.message : String(translated);
  }

  private async urlOf(key: string, signal: AbortSignal): Promise<string> {
    const { linkDays } = this.settings;
    const seconds = Math.max(linkDays, 1) * DAY_S;
    const url = await this.tryHard(signal)(() => this.link.sign(key, seconds));
    return linkDays === 0 ? url.slice(0, url.indexOf('?')) : url;
  }

  private keyOf(name: string): string {
    partsOf(name);
    const key = this.settings.keyPrefix + name;
    if (Buffer.byteLength(key) <= MAX_KEY_BYTES) return key;
    const text = `${JSON.stringify(key.slice(0, 200))}… is too long a name for S3: ${MAX_KEY_BYTES} bytes at most.`;
    throw new PermanentStepError('STORAGE_NAME', text, { step: 'artifacts' });
  }
}

/** That there is nothing is an answer, not a fault of the way there. */
function mayPass(error: unknown): boolean {
  return isS3Passing(error) && (error as { code?: unknown }).code !== 'STORAGE_NOT_FOUND';
}

function nothing(): Buffer {
  return Buffer.alloc(0);
}

/** As much metadata as S3 takes, as ASCII; what does not fit is left out. */
function fitting(metadata: Readonly<Record<string, string>>): Record<string, string> {
  const fits: Record<string, string> = {};
  let left = MAX_METADATA_BYTES;
  for (const [key, value] of Object.entries(metadata)) {
    const encoded = encodeURIComponent(value);
    left -= key.length + encoded.length;
    if (left >= 0) fits[key] = encoded;
  }
  return fits;
}

function checkReceived(key: string, { bytes, md5 }: Meter, given: GivenHeaders): void {
  const sum = given.metadata[SUM_NAME] ?? md5;
  if ((given.bytes ?? bytes) === bytes && sum === md5) return;
  throw new S3Mismatch(
    `The S3 store sent ${bytes} of ${given.bytes ?? bytes} bytes of ${key}, or other bytes than were stored`,
  );
}
