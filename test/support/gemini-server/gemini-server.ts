import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorOf } from './fault-error.js';
import { Faults, type Fault, type FaultKind, type FaultOptions, type Place } from './faults.js';
import { bodyOf, FilesApi } from './files-api.js';
import {
  badKeyError,
  badRequestError,
  dayQuotaError,
  GoogleError,
  minuteQuotaError,
  modelMissingError,
  noKeyError,
} from './google-error.js';
import type { Answer, Asked } from './question.js';
import { readQuestion } from './read-question.js';
import { RequestCount } from './request-count.js';
import { plausibleValue } from './schema.js';
import { sendAnswer } from './send-answer.js';
import { StoredFiles, type StoredFile } from './stored-files.js';

export interface GeminiServerOptions {
  /** Keys and the projects they belong to; by default `test-key` of `test-project`. */
  readonly keys?: readonly { readonly key: string; readonly project: string }[];
  /** Most questions of one project in any minute; more get 429 with the time left. Undefined: any number. */
  readonly perMinute?: number;
  /** Most questions of one project as long as the server lives. */
  readonly perDay?: number;
  /** How long the server's minute lasts, for tests that cannot wait: 60,000 ms by default. */
  readonly minuteMs?: number;
  /** Models that exist; undefined: every one. */
  readonly models?: readonly string[];
  /** What to answer; by default a plausible value of the schema. */
  readonly answer?: Answer;
  /** A folder that uploads are copied to, by their names without `files/`. */
  readonly keepUploadsIn?: string;
  /** 0, any free one, by default. */
  readonly port?: number;
}

/** One request, whatever it was answered. */
export interface SeenRequest {
  /** ms since the epoch */
  readonly at: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly project: string | undefined;
}

interface Caller {
  readonly key: string;
  readonly project: string;
}

const MINUTE_MS = 60_000;

/** Starts a stand-in for Google's Gemini API on 127.0.0.1. */
export async function startGeminiServer(options: GeminiServerOptions = {}): Promise<GeminiServer> {
  const server = createServer();
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  return new GeminiServer(server, options);
}

/**
 * Speaks generateContent (whole and streamed) and the Files API as `generativelanguage.googleapis.com` does, with keys of
 * projects, quotas, and faults that a test scripts.
 */
export class GeminiServer {
  /** For `GEMINI_BASE_URL`. */
  readonly url: string;
  /** Every request, in order. */
  readonly requests: SeenRequest[] = [];
  /** Every question that was understood and allowed, in order. */
  readonly questions: Asked[] = [];
  /** What to answer from now on. */
  answer: Answer;
  private readonly faults = new Faults();
  private readonly stored = new StoredFiles();
  private readonly files: FilesApi;
  private readonly count: RequestCount;

  constructor(
    private readonly server: Server,
    private readonly options: GeminiServerOptions,
  ) {
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.answer = options.answer ?? (({ schema }) => plausibleValue(schema));
    this.files = new FilesApi(this.stored, () => this.url, options.keepUploadsIn);
    this.count = new RequestCount(options.minuteMs ?? MINUTE_MS);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.serve(request, response));
  }

  /** Uploaded files, deleted ones too, in order. */
  get uploads(): readonly StoredFile[] {
    return this.stored.all;
  }

  /** Scripts a fault for the next call it fits, or the next few. Several are taken in the order they were scripted. */
  fail(kind: FaultKind, options: FaultOptions = {}): void {
    this.faults.add(kind, options);
  }

  /** Forgets the faults that did not strike. */
  heal(): void {
    this.faults.clear();
  }

  /** When the project asked, ms since the epoch: all calls of generateContent with a valid key, refused ones too. */
  timesOf(project: string): readonly number[] {
    return this.count.timesOf(project);
  }

  /** The most calls of generateContent that the project made within any one minute. */
  mostPerMinute(project: string): number {
    return this.count.most(project);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.route(request, response);
    } catch (error) {
      // A client that broke off leaves nothing to answer.
      if (response.destroyed || response.headersSent) return void response.destroy();
      (error instanceof GoogleError ? error : badRequestError(String(error))).send(response);
      request.resume();
    }
  }

  private async route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(String(request.url), this.url);
    const key = request.headers['x-goog-api-key'];
    const project = this.options.keys === undefined ? defaultProject(key) : this.projectOf(key);
    this.requests.push({ at: Date.now(), method: String(request.method), path: pathname, project });
    const uploadId = searchParams.get('upload_id');
    // The address of an upload is its own permission.
    if (uploadId !== null) return this.receive(request, response, uploadId);
    if (key === undefined) throw noKeyError();
    if (project === undefined) throw badKeyError();
    await this.dispatch(request, response, pathname, { key: String(key), project });
  }

  private async dispatch(request: IncomingMessage, response: ServerResponse, path: string, caller: Caller) {
    const asked = /^\/v1beta\/models\/([\w.-]+):(generateContent|streamGenerateContent)$/.exec(path);
    const file = /^\/v1beta\/(files\/[\w-]+)$/.exec(path)?.[1];
    const place = placeOf(request.method, path, asked !== null);
    if (place === undefined) throw new GoogleError(404, 'NOT_FOUND', 'Requested entity was not found.');
    if (asked !== null) this.count.add(caller.project, Date.now());
    const fault = this.faults.take(place, caller);
    if (fault !== undefined && (await this.strike(fault, request, response, caller, asked?.[1] ?? ''))) return;
    if (asked !== null) {
      await this.generate(request, response, caller, asked[1] as string, asked[2] === 'streamGenerateContent', fault);
    } else if (place === 'upload') await this.files.start(request, response, caller.project, fault);
    else if (place === 'file') this.files.show(response, String(file), caller.project);
    else this.files.delete(response, String(file), caller.project);
  }

  private async generate(
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
    model: string,
    streamed: boolean,
    fault?: Fault,
  ): Promise<void> {
    const text = await bodyOf(request);
    if (this.options.models?.includes(model) === false) throw modelMissingError(model);
    const question = readQuestion(text, { at: Date.now(), ...caller, model, streamed }, this.stored);
    this.checkQuotas(caller.project);
    this.questions.push(question);
    sendAnswer(response, question, await this.answer(question), fault);
  }

  private async receive(request: IncomingMessage, response: ServerResponse, uploadId: string): Promise<void> {
    const caller = { key: '', project: this.stored.upload(uploadId)?.project ?? '' };
    const fault = this.faults.take('bytes', caller);
    if (fault !== undefined && (await this.strike(fault, request, response, caller, ''))) return;
    await this.files.receive(request, response, uploadId);
  }

  private checkQuotas(project: string): void {
    const { perMinute = Infinity, perDay = Infinity, minuteMs = MINUTE_MS } = this.options;
    const times = this.count.timesOf(project);
    if (times.length > perDay) throw dayQuotaError();
    const now = Date.now();
    if (this.count.within(project, now) <= perMinute) return;
    const oldest = times.find((time) => time > now - minuteMs) ?? now;
    throw minuteQuotaError(Math.ceil((oldest + minuteMs - now) / 1000));
  }

  /** True when the fault has answered, or has seen to it that there is no answer. */
  private async strike(
    fault: Fault,
    request: IncomingMessage,
    response: ServerResponse,
    { key }: Caller,
    model: string,
  ): Promise<boolean> {
    const error = errorOf(fault, key, model);
    if (error !== undefined) {
      await bodyOf(request);
      throw error;
    }
    if (fault.kind === 'reset') request.socket.resetAndDestroy();
    else if (fault.kind !== 'silent') return false;
    // What hangs ends with the server.
    response.on('error', () => undefined);
    return true;
  }

  private projectOf(key: string | string[] | undefined): string | undefined {
    return this.options.keys?.find((known) => known.key === key)?.project;
  }
}

function defaultProject(key: string | string[] | undefined): string | undefined {
  return key === 'test-key' ? 'test-project' : undefined;
}

function placeOf(method: string | undefined, path: string, isQuestion: boolean): Place | undefined {
  if (isQuestion && method === 'POST') return 'generate';
  if (path === '/upload/v1beta/files' && method === 'POST') return 'upload';
  if (!/^\/v1beta\/files\/[\w-]+$/.test(path)) return undefined;
  if (method === 'GET') return 'file';
  return method === 'DELETE' ? 'delete' : undefined;
}
