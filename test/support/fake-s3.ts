import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { S3Settings } from '../../src/artifacts/s3/s3.settings.js';

/** What the store says instead of doing what it was asked: S3's word for it, with its status. */
export interface S3Fault {
  status: number;
  code: string;
  headers?: Record<string, string>;
}

/** One call as it came. */
export interface S3Seen {
  method: string;
  key: string;
  /** The access key that signed it. */
  signedBy: string;
  headers: IncomingMessage['headers'];
}

interface Stored {
  bytes: Buffer;
  headers: Record<string, string>;
}

/**
 * The little of S3 that the adapter sees, in memory and over real HTTP: for machines that cannot have a real one. What a real
 * store does, signatures included, is shown by `npm run test:swift`.
 */
export class FakeS3 {
  readonly objects = new Map<string, Stored>();
  readonly calls: S3Seen[] = [];
  /** Begun, and neither completed nor abandoned. */
  readonly uploads = new Map<string, Buffer[]>();
  /** Decides for each call. */
  spoil: (call: S3Seen) => S3Fault | 'cut' | 'hang' | 'page' | undefined = () => undefined;
  /** So many of the next downloads break off half way. */
  cuts = 0;
  private readonly port: number;

  private constructor(
    private readonly server: Server,
    private readonly bucket: string,
  ) {
    this.port = (server.address() as AddressInfo).port;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      // A client that breaks off leaves nothing to answer.
      this.answer(request, response).catch(() => response.destroy());
    });
  }

  static async start(bucket = 'bucket'): Promise<FakeS3> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FakeS3(server, bucket);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  settings(changes: Partial<S3Settings> = {}): S3Settings {
    return {
      endpoint: this.url,
      region: 'here-1',
      bucket: this.bucket,
      keyPrefix: '',
      keys: { accessKeyId: 'KEYOFTHETEST', secretAccessKey: 'secret-of-the-test', sessionToken: undefined },
      pathStyle: true,
      linkDays: 7,
      agingTag: undefined,
      ...changes,
    };
  }

  /** The same as environment variables. */
  get environment(): Record<string, string> {
    return {
      S3_ENDPOINT: this.url,
      S3_REGION: 'here-1',
      S3_BUCKET: this.bucket,
      S3_ACCESS_KEY_ID: 'KEYOFTHETEST',
      S3_SECRET_ACCESS_KEY: 'secret-of-the-test',
    };
  }

  /** Every key, sorted. */
  get keys(): string[] {
    return [...this.objects.keys()].sort();
  }

  /** Spoils the next calls, one each, then none. */
  spoilNext(...faults: ReturnType<FakeS3['spoil']>[]): void {
    this.spoil = () => faults.shift();
  }

  /** Dies as far as clients can tell. What it holds stays. */
  async down(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  /** Listens again, where it did. */
  async up(): Promise<void> {
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async stop(): Promise<void> {
    if (this.server.listening) await this.down();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const [, bucket = '', ...parts] = url.pathname.split('/').map(decodeURIComponent);
    const key = parts.join('/');
    const { method = '', headers } = request;
    const call: S3Seen = { method, key, signedBy: signerOf(request, url), headers };
    this.calls.push(call);
    const fault = this.spoil(call);
    if (fault === 'cut') return void request.once('data', () => request.socket.destroy());
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (fault === 'hang') return;
    if (fault === 'page') return void response.writeHead(200).end('<html>welcome</html>');
    if (fault !== undefined) return refuse(response, fault);
    if (call.signedBy === '') return refuse(response, { status: 403, code: 'AccessDenied' });
    if (bucket !== this.bucket) return refuse(response, { status: 404, code: 'NoSuchBucket' });
    this.object(call, url.searchParams, Buffer.concat(chunks), response);
  }

  private object(
    { method, key, headers }: S3Seen,
    query: URLSearchParams,
    body: Buffer,
    response: ServerResponse,
  ): void {
    const upload = query.get('uploadId');
    if (method === 'HEAD') return void response.writeHead(200).end();
    if (method === 'GET') return this.send(response, this.objects.get(key));
    if (method === 'POST' && upload === null) return this.begin(response);
    if (method === 'DELETE') {
      if (upload === null) this.objects.delete(key);
      else this.uploads.delete(upload);
      return void response.writeHead(204).end();
    }
    if (method === 'POST')
      return this.store(key, Buffer.concat(this.uploads.get(upload ?? '') ?? []), {}, response, upload);
    if (md5(body, 'base64') !== headers['content-md5']) return refuse(response, { status: 400, code: 'BadDigest' });
    if (upload === null) return this.store(key, body, kept(headers), response);
    this.uploads.get(upload)?.push(body);
    response.writeHead(200, { etag: `"${md5(body)}"` }).end();
  }

  private begin(response: ServerResponse): void {
    const id = randomUUID();
    this.uploads.set(id, []);
    response.writeHead(200).end(xml('InitiateMultipartUploadResult', `<UploadId>${id}</UploadId>`));
  }

  private store(
    key: string,
    bytes: Buffer,
    headers: Record<string, string>,
    response: ServerResponse,
    upload: string | null = null,
  ): void {
    this.objects.set(key, { bytes, headers });
    if (upload === null) return void response.writeHead(200, { etag: `"${md5(bytes)}"` }).end();
    this.uploads.delete(upload);
    response.writeHead(200).end(xml('CompleteMultipartUploadResult', `<ETag>"${md5(bytes)}-1"</ETag>`));
  }

  private send(response: ServerResponse, stored: Stored | undefined): void {
    if (stored === undefined) return refuse(response, { status: 404, code: 'NoSuchKey' });
    const { bytes, headers } = stored;
    response.writeHead(200, { ...headers, etag: `"${md5(bytes)}"`, 'content-length': bytes.length });
    if (this.cuts-- > 0) response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
    else response.end(bytes);
  }
}

/** Who signed a call: by its header, or by its link. */
function signerOf({ headers }: IncomingMessage, { searchParams }: URL): string {
  const credential = /Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1];
  return credential ?? searchParams.get('X-Amz-Credential')?.split('/')[0] ?? '';
}

function kept(headers: IncomingMessage['headers']): Record<string, string> {
  const own = Object.entries(headers).filter(([name]) => /^(content-type|x-amz-meta-.*|x-amz-tagging)$/.test(name));
  return Object.fromEntries(own.map(([name, value]) => [name, String(value)]));
}

function refuse(response: ServerResponse, { status, code, headers }: S3Fault): void {
  const body = xml('Error', `<Code>${code}</Code><Message>It is ${code}.</Message>`);
  response.writeHead(status, { 'content-type': 'application/xml', ...headers }).end(body);
}

function xml(root: string, inner: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><${root}>${inner}</${root}>`;
}

function md5(bytes: Buffer, form: 'hex' | 'base64' = 'hex'): string {
  return createHash('md5').update(bytes).digest(form);
}
