import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from './faults.js';
import { badRequestError, fileForbiddenError } from './google-error.js';
import { fileResource, type StoredFiles, type Upload } from './stored-files.js';

/** Looks at a new file that say PROCESSING before it is ACTIVE. */
const POLLS = 1;

/** Resumable uploads, and looking at and deleting what came of them. */
export class FilesApi {
  constructor(
    private readonly files: StoredFiles,
    private readonly serverUrl: () => string,
    /** A folder that uploads are copied to, by their names without `files/`. */
    private readonly keepIn: string | undefined,
  ) {}

  /** `X-Goog-Upload-Command: start` */
  async start(request: IncomingMessage, response: ServerResponse, project: string, fault?: Fault): Promise<void> {
    const { headers } = request;
    const declaredBytes = Number(headers['x-goog-upload-header-content-length']);
    const mimeType = headers['x-goog-upload-header-content-type'];
    if (headers['x-goog-upload-protocol'] !== 'resumable' || !(declaredBytes > 0) || typeof mimeType !== 'string') {
      throw badRequestError('A resumable upload needs its protocol, type and length in X-Goog-Upload-… headers.');
    }
    const { file = {} } = JSON.parse((await bodyOf(request)) || '{}') as { file?: Record<string, string> };
    const displayName = file['displayName'] ?? file['display_name'] ?? '';
    const pollsLeft = fault?.kind === 'slow-processing' ? (fault.polls ?? Infinity) : POLLS;
    const fails = fault?.kind === 'file-failed';
    const { id } = this.files.begin({ project, mimeType, displayName, declaredBytes, pollsLeft, fails });
    const url = `${this.serverUrl()}/upload/v1beta/files?upload_id=${id}&upload_protocol=resumable`;
    response.writeHead(200, { 'x-goog-upload-url': url, 'x-goog-upload-status': 'active' }).end();
  }

  /** `X-Goog-Upload-Command: upload, finalize`, or `query` for how much has come. */
  async receive(request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
    const upload = this.files.upload(id);
    if (upload === undefined) throw badRequestError('There is no such upload.');
    const commands = String(request.headers['x-goog-upload-command']).split(/,\s*/);
    if (commands.includes('upload')) {
      const offset = Number(request.headers['x-goog-upload-offset']);
      if (offset !== upload.received) throw badRequestError(`Offset ${offset} is not ${upload.received}.`);
      await this.take(request, upload);
    }
    if (commands.includes('finalize')) return this.finish(response, upload);
    response.writeHead(200, {
      'x-goog-upload-status': 'active',
      'x-goog-upload-size-received': String(upload.received),
    });
    response.end();
  }

  show(response: ServerResponse, name: string, project: string): void {
    const file = this.files.find(name, project);
    if (file === undefined) throw fileForbiddenError(name);
    send(response, fileResource(file, this.serverUrl()));
    if (file.pollsLeft > 0) file.pollsLeft -= 1;
  }

  delete(response: ServerResponse, name: string, project: string): void {
    const file = this.files.find(name, project);
    if (file === undefined) throw fileForbiddenError(name);
    file.deleted = true;
    send(response, {});
  }

  private async take(request: IncomingMessage, upload: Upload): Promise<void> {
    const name = upload.id.slice(0, 12);
    const copy = this.keepIn === undefined ? undefined : createWriteStream(join(this.keepIn, name), { flags: 'a' });
    for await (const piece of request) {
      const bytes = piece as Buffer;
      upload.received += bytes.length;
      upload.hash.update(bytes);
      if (copy?.write(bytes) === false) await once(copy, 'drain');
    }
    if (copy !== undefined) await once(copy.end(), 'close');
  }

  private finish(response: ServerResponse, upload: Upload): void {
    if (upload.received !== upload.declaredBytes) {
      throw badRequestError(`${upload.received} bytes came, ${upload.declaredBytes} were announced.`);
    }
    response.setHeader('x-goog-upload-status', 'final');
    send(response, { file: fileResource(this.files.finish(upload), this.serverUrl()) });
  }
}

/** A request's body as text. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

function send(response: ServerResponse, value: object): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(value));
}
