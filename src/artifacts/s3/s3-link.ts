import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  PutObjectCommand,
  UploadPartCommand,
  type CompleteMultipartUploadCommandOutput,
  type CompletedPart,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { abortedBy } from '../../lib/aborted-by.js';
import { unlessAborted } from '../../lib/unless-aborted.js';
import type { RetryPace } from '../remote/retry-pace.js';
import { makeClient } from './make-client.js';
import { refusalOf } from './refusal-of.js';
import { blamesKeys, S3Refusal, S3Silence } from './s3.errors.js';
import type { S3Settings } from './s3.settings.js';

/** Bytes with their MD5, base64, as S3 compares it. */
export interface SummedBytes {
  readonly bytes: Buffer;
  readonly md5: string;
}

/** What makes an object of its parts. */
export type StoredPart = CompletedPart;

type ResponseMetadata = CompleteMultipartUploadCommandOutput['$metadata'];

/** What an object is stored with. */
export interface ObjectHeaders {
  readonly contentType: string;
  readonly metadata: Record<string, string>;
  /** As in a URL's query: `key=value`. */
  readonly tagging: string | undefined;
}

/** What an object came with. */
export interface GivenHeaders {
  readonly bytes: number | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What is known of the keys in use. */
export interface KeysInUse {
  /** Links that they signed end with them. */
  readonly areTemporary: boolean;
}

/** What one call gets: the signal to end by, and to be told that bytes moved. */
type Call<T> = (client: S3Client, options: { abortSignal: AbortSignal }, moved: () => void) => Promise<T>;

/**
 * The way to one bucket through the AWS SDK, which nobody else here knows. Each call is made once: whoever calls tries
 * again.
 */
export class S3Link {
  private readonly client: S3Client;

  constructor(
    private readonly settings: S3Settings,
    private readonly patience: RetryPace,
  ) {
    this.client = makeClient(settings, patience);
  }

  /** @throws S3Refusal unless it is stored; as {@link call} */
  async put(key: string, { bytes, md5 }: SummedBytes, headers: ObjectHeaders, signal: AbortSignal): Promise<void> {
    const { contentType, metadata, tagging } = headers;
    const { ETag, $metadata } = await this.call(signal, (client, options) => {
      const command = new PutObjectCommand({
        ...this.at(key),
        Body: bytes,
        ContentMD5: md5,
        ContentType: contentType,
        Metadata: metadata,
        Tagging: tagging,
      });
      return client.send(command, options);
    });
    expectTag(ETag, $metadata);
  }

  /** Begins an object in parts; nothing of it is seen before {@link complete}. Gives its id. */
  async begin(key: string, { contentType, metadata, tagging }: ObjectHeaders, signal: AbortSignal): Promise<string> {
    const { UploadId, $metadata } = await this.call(signal, (client, options) => {
      const input = { ...this.at(key), ContentType: contentType, Metadata: metadata, Tagging: tagging };
      return client.send(new CreateMultipartUploadCommand(input), options);
    });
    return expectTag(UploadId, $metadata);
  }

  /** Stores one part; `number` counts from 1. */
  async putPart(
    key: string,
    upload: string,
    number: number,
    { bytes, md5 }: SummedBytes,
    signal: AbortSignal,
  ): Promise<StoredPart> {
    const { ETag, $metadata } = await this.call(signal, (client, options) => {
      const part = { ...this.at(key), UploadId: upload, PartNumber: number, Body: bytes, ContentMD5: md5 };
      return client.send(new UploadPartCommand(part), options);
    });
    return { PartNumber: number, ETag: expectTag(ETag, $metadata) };
  }

  async complete(key: string, upload: string, parts: StoredPart[], signal: AbortSignal): Promise<void> {
    const input = { ...this.at(key), UploadId: upload, MultipartUpload: { Parts: parts } };
    const { ETag, $metadata } = await this.call(signal, (client, options) =>
      client.send(new CompleteMultipartUploadCommand(input), options),
    );
    expectTag(ETag, $metadata);
  }

  /** Takes back what was begun. */
  async abandon(key: string, upload: string, signal: AbortSignal): Promise<void> {
    const command = new AbortMultipartUploadCommand({ ...this.at(key), UploadId: upload });
    await this.call(signal, (client, options) => client.send(command, options));
  }

  /** Pours an object into a sink, which is ended with the last byte. */
  get(key: string, sink: Writable, signal: AbortSignal): Promise<GivenHeaders> {
    return this.call(signal, async (client, options, moved) => {
      const { Body, ETag, ContentLength, Metadata, $metadata } = await client.send(
        new GetObjectCommand(this.at(key)),
        options,
      );
      const body = Body as unknown as Readable;
      try {
        expectTag(ETag, $metadata);
        await pipeline(body.on('data', moved), sink, { signal: options.abortSignal });
      } finally {
        body.destroy();
      }
      return { bytes: ContentLength, metadata: Metadata ?? {} };
    });
  }

  /** One that is not there is no error. */
  async remove(key: string, signal: AbortSignal): Promise<void> {
    await this.call(signal, (client, options) => client.send(new DeleteObjectCommand(this.at(key)), options));
  }

  /** Looks whether the bucket is there and may be listed. */
  async look(signal: AbortSignal): Promise<void> {
    const command = new HeadBucketCommand({ Bucket: this.settings.bucket });
    await this.call(signal, (client, options) => client.send(command, options));
  }

  /** A link that opens an object to whoever has it. */
  async sign(key: string, seconds: number): Promise<string> {
    try {
      const signingDate = new Date(Date.now() + this.client.config.systemClockOffset);
      return await getSignedUrl(this.client, new GetObjectCommand(this.at(key)), { expiresIn: seconds, signingDate });
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /** @throws S3NoKeys */
  async keysInUse(): Promise<KeysInUse> {
    try {
      const { sessionToken, expiration } = await this.client.config.credentials();
      return { areTemporary: (sessionToken ?? expiration) !== undefined };
    } catch (error) {
      throw refusalOf(error);
    }
  }

  private at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.settings.bucket, Key: key };
  }

  /**
   * Makes one call. One that is refused because the keys have run out is made once more with keys that were fetched anew.
   * @throws S3Refusal, S3Silence, S3NoKeys; network errors as they come; the signal's reason
   */
  private async call<T>(signal: AbortSignal, call: Call<T>): Promise<T> {
    signal.throwIfAborted();
    try {
      return await this.once(signal, call);
    } catch (error) {
      if (!blamesKeys(error) || this.settings.keys !== undefined) throw error;
      await this.client.config.credentials({ forceRefresh: true }).catch((why: unknown) => {
        throw refusalOf(why);
      });
      return this.once(signal, call);
    }
  }

  private async once<T>(signal: AbortSignal, call: Call<T>): Promise<T> {
    const { idleMs, tryMs } = this.patience;
    const silence = new AbortController();
    const whole = setTimeout(() => silence.abort(new S3Silence(`not done after ${tryMs / 1000} s`)), tryMs);
    let idle: NodeJS.Timeout | undefined;
    // The socket's own time-out watches until the answer begins; from then on it is up to us.
    const moved = (): void => {
      idle ??= setTimeout(() => silence.abort(new S3Silence(`no byte moved for ${idleMs / 1000} s`)), idleMs);
      idle.refresh();
    };
    try {
      return await abortedBy([signal, silence.signal], (either) =>
        unlessAborted(call(this.client, { abortSignal: either }, moved), either),
      );
    } catch (error) {
      signal.throwIfAborted();
      throw refusalOf(error);
    } finally {
      clearTimeout(whole);
      clearTimeout(idle);
    }
  }
}

/**
 * What was stored has a tag. A web page at the address of a store answers with success, too, but has none; nor has Swift's
 * answer to whoever was overtaken by another under the same name, who has to try again.
 */
function expectTag(tag: string | undefined, { requestId }: ResponseMetadata): string {
  if (tag !== undefined && tag !== '') return tag;
  if (requestId === undefined) throw new S3Refusal('', 200, 'and not as an S3 does');
  throw new S3Refusal('OperationAborted', 200, 'something else came under the same name at the same time');
}
