import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { abortedBy } from '../../lib/aborted-by.js';
import { PermanentStepError } from '../../job/errors.js';
import { redactUrl } from '../../lib/redact.js';
import { ArtifactStore, type Artifact, type StoredArtifact, type StoreHealth } from '../artifact-store.js';
import { partsOf } from '../name-parts.js';
import { collect, notFound, receive } from '../folder/received-file.js';
import { watchSource } from '../watch-source.js';
import { md5Of, Meter, streamOf } from '../remote/content.js';
import { persist } from '../remote/persist.js';
import { RETRY_PACE, type RetryPace } from '../remote/retry-pace.js';
import { SwiftLink, type SwiftCall } from './swift-link.js';
import { blamesToken, isPassing, SwiftMismatch, SwiftRefusal, swiftError } from './swift.errors.js';
import type { SwiftSettings } from './swift.settings.js';
import { objectUrl, signedUrl } from './temp-url.js';

const DAY_S = 86_400;

/** Signed links open for so long, unless the artifacts are removed earlier. */
const LINK_DAYS = 30;

const PROBE_BYTES = 16;
/** One packet that is lost is no outage. */
const CHECK_TRIES = 2;

/** Swift's own limit. */
const MAX_NAME_BYTES = 1024;

/** What takes the content of an artifact. */
type Receiver<T> = (content: Readable) => Promise<T>;

/** Artifacts as objects of one container of an OpenStack Swift. */
export class SwiftArtifactStore extends ArtifactStore {
  private readonly link: SwiftLink;
  /** Whether an object was once stored and removed again. */
  private isProven = false;

  constructor(
    private readonly settings: SwiftSettings,
    private readonly patience: RetryPace = RETRY_PACE,
  ) {
    super();
    this.link = new SwiftLink(settings, patience);
  }

  describe(): string {
    const { container, projectId, projectName, applicationCredential, authUrl } = this.settings;
    const project = applicationCredential === undefined ? ` of project ${projectId ?? projectName}` : '';
    return `Swift container ${container}${project} (Keystone ${redactUrl(authUrl)})`;
  }

  /** The first time an object is stored and removed; from then on a look at the container does. */
  async check(bytes = 0): Promise<StoreHealth> {
    const signal = AbortSignal.timeout(this.patience.checkMs);
    const look = (): Promise<string> => (this.isProven && bytes === 0 ? this.look(signal) : this.prove(bytes, signal));
    try {
      const doubt = await persist(look, { ...this.patience, tries: CHECK_TRIES }, signal, isPassing);
      return { ok: true, message: `Artifacts go to the ${this.describe()}.${doubt}` };
    } catch (error) {
      return { ok: false, message: this.healthMessage(error, signal) };
    }
  }

  async put(name: string, artifact: Artifact, signal: AbortSignal): Promise<StoredArtifact> {
    const source = watchSource(artifact.source);
    const mayPass = (error: unknown): boolean => error !== source.error() && isPassing(error);
    const upload = (): Promise<StoredArtifact> => this.upload(name, { ...artifact, source: source.open }, signal);
    try {
      checkName(name);
      signal.throwIfAborted();
      return await persist(() => this.withContainer(upload, signal), this.patience, signal, mayPass);
    } catch (error) {
      signal.throwIfAborted();
      if (error === source.error()) throw error;
      // What it looks like from outside is not enough from now on.
      this.isProven = false;
      throw swiftError(error, this.where());
    }
  }

  async remove(name: string, signal: AbortSignal): Promise<void> {
    try {
      checkName(name);
      signal.throwIfAborted();
      await persist(() => withToken(() => this.delete(name, signal)), this.patience, signal, isPassing);
    } catch (error) {
      signal.throwIfAborted();
      throw swiftError(error, this.where());
    }
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
    try {
      checkName(name);
      signal.throwIfAborted();
      const download = (): Promise<T> => this.download(name, receiver, signal);
      return await persist(() => withToken(download), this.patience, signal, isPassing);
    } catch (error) {
      signal.throwIfAborted();
      throw isNotFound(error) ? notFound(name, this.where(), error) : swiftError(error, this.where());
    }
  }

  /** One try. A body that was cut looks like a whole one until its bytes are counted. */
  private async download<T>(name: string, receiver: Receiver<T>, signal: AbortSignal): Promise<T> {
    const meter = new Meter();
    const failure = new AbortController();
    const receiving = receiver(meter);
    receiving.catch((error: unknown) => failure.abort(error));
    try {
      const call: SwiftCall = { method: 'GET', name, sink: meter };
      const answer = await abortedBy([signal, failure.signal], (either) => this.link.send(call, either));
      meter.end();
      const received = await receiving;
      checkReceived(name, meter, answer);
      return received;
    } catch (error) {
      meter.destroy();
      await receiving.catch(() => undefined);
      throw error;
    }
  }

  /** One try. Swift tells the sum of what it stored in the answer; known bytes it refuses to store with another sum. */
  private async upload(name: string, artifact: Artifact, signal: AbortSignal): Promise<StoredArtifact> {
    const content = artifact.source();
    const headers = { ...this.headersFor(artifact), ...(Buffer.isBuffer(content) ? await sealOf(content) : {}) };
    const meter = new Meter();
    const failure = new AbortController();
    const feeding = pipeline(streamOf(content), meter).catch((error: unknown) => failure.abort(error));
    try {
      const call: SwiftCall = { method: 'PUT', name, headers, body: meter };
      const answer = await abortedBy([signal, failure.signal], (either) => this.link.send(call, either));
      await this.verify(name, meter, answer, signal);
    } finally {
      meter.destroy();
      await feeding;
    }
    const { bytes, md5 = '' } = meter;
    return { name, contentType: artifact.contentType, bytes, md5, url: this.urlOf(name) };
  }

  private headersFor({ contentType, metadata = {}, isLasting = false }: Artifact): Record<string, string> {
    const { deleteAfterDays } = this.settings;
    const headers: Record<string, string> = { 'content-type': contentType };
    for (const [key, value] of Object.entries(metadata)) headers[`x-object-meta-${key}`] = encodeURIComponent(value);
    if (deleteAfterDays !== undefined && !isLasting) headers['x-delete-after'] = String(deleteAfterDays * DAY_S);
    return headers;
  }

  /** What was stored wrongly is taken away again, as far as that is possible. */
  private async verify(name: string, meter: Meter, answer: IncomingHttpHeaders, signal: AbortSignal): Promise<void> {
    const stored = answer.etag?.replaceAll('"', '').toLowerCase();
    if (meter.md5 !== undefined && stored === meter.md5) return;
    await this.delete(name, signal).catch(() => undefined);
    throw new SwiftMismatch(
      `${this.where()} stored ${name} with the sum ${String(stored)} instead of ${meter.md5 ?? 'one yet to be known'}; it was ` +
        'removed again. Something on the way there changes what is sent',
    );
  }

  private async delete(name: string, signal: AbortSignal): Promise<void> {
    try {
      await this.link.send({ method: 'DELETE', name }, signal);
    } catch (error) {
      if (!(error instanceof SwiftRefusal) || error.status !== 404) throw error;
    }
  }

  /** Runs a call; if the container is missing, makes it and runs the call again. */
  private async withContainer<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await withToken(call);
    } catch (error) {
      if (!(error instanceof SwiftRefusal) || error.status !== 404) throw error;
      await withToken(() => this.link.send({ method: 'PUT' }, signal));
      return await withToken(call);
    }
  }

  private async look(signal: AbortSignal): Promise<string> {
    try {
      await withToken(() => this.link.send({ method: 'HEAD' }, signal));
      return '';
    } catch (error) {
      // No container: it can be made. No right to look at it: there may be one to write into it.
      if (error instanceof SwiftRefusal && [403, 404].includes(error.status)) return this.prove(0, signal);
      throw error;
    }
  }

  /** Stores an object, opens its link, removes it. Gives what there is to say beside "ok". */
  private async prove(bytes: number, signal: AbortSignal): Promise<string> {
    const name = `.check-${randomUUID()}`;
    const content = Buffer.alloc(Math.max(bytes, PROBE_BYTES));
    const probe: Artifact = { contentType: 'text/plain', source: () => content };
    const { url } = await this.withContainer(() => this.upload(name, probe, signal), signal);
    const doubt = this.settings.tempUrlKey === undefined ? '' : await doubtAbout(url, signal);
    await this.delete(name, signal);
    this.isProven = true;
    return doubt;
  }

  private healthMessage(error: unknown, signal: AbortSignal): string {
    if (signal.aborted) return `${this.where()} did not answer within ${this.patience.checkMs / 1000} s.`;
    const translated = swiftError(error, this.where());
    return translated instanceof Error ? translated.message : String(translated);
  }

  private urlOf(name: string): string {
    const { container, tempUrlKey, deleteAfterDays = LINK_DAYS } = this.settings;
    const target = { endpoint: this.link.endpoint, container, name };
    if (tempUrlKey === undefined) return objectUrl(target);
    const seconds = Math.min(deleteAfterDays, LINK_DAYS) * DAY_S;
    return signedUrl(target, tempUrlKey, Math.floor(Date.now() / 1000 + seconds));
  }

  private where(): string {
    const host = this.link.endpoint === '' ? '' : ` at ${new URL(this.link.endpoint).host}`;
    return `Swift${host} (container ${this.settings.container})`;
  }
}

/**
 * Runs a call; if its token may be at fault, runs it once more, which gets a new one. Ceph's RGW says 403 to a token that was
 * revoked, and to a user without the right as well.
 */
async function withToken<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof SwiftRefusal && blamesToken(error.status)) return call();
    throw error;
  }
}

/** Lets Swift refuse bytes that changed on their way. */
async function sealOf(bytes: Buffer): Promise<Record<string, string>> {
  return { 'content-length': String(bytes.length), etag: await md5Of(bytes) };
}

function isNotFound(error: unknown): boolean {
  return error instanceof SwiftRefusal && error.status === 404;
}

/** Of an object in parts the ETag is not the sum of its bytes. */
function checkReceived(name: string, meter: Meter, answer: IncomingHttpHeaders): void {
  const isInParts = 'x-static-large-object' in answer || 'x-object-manifest' in answer;
  const announced = Number(answer['content-length'] ?? meter.bytes);
  const sum = answer.etag?.replaceAll('"', '').toLowerCase();
  if (announced === meter.bytes && (isInParts || sum === undefined || sum === meter.md5)) return;
  throw new SwiftMismatch(
    `Swift sent ${meter.bytes} of ${announced} bytes of ${name}, or other bytes than were stored`,
  );
}

function checkName(name: string): void {
  partsOf(name);
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return;
  const text = `${JSON.stringify(name.slice(0, 200))}… is too long a name for Swift: ${MAX_NAME_BYTES} bytes at most.`;
  throw new PermanentStepError('STORAGE_NAME', text, { step: 'artifacts' });
}

async function doubtAbout(link: string, signal: AbortSignal): Promise<string> {
  const { ok, status } = await fetch(link, { method: 'HEAD', signal });
  if (ok) return '';
  return (
    ` But signed links are refused (${status}): tell Swift the key, ` +
    'for example with: swift post CONTAINER -m "Temp-URL-Key: <SWIFT_TEMP_URL_KEY>".'
  );
}
