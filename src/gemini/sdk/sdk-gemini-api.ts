import {
  GoogleGenerativeAI,
  GoogleGenerativeAIError,
  GoogleGenerativeAIFetchError,
  type GenerateContentRequest,
  type Part,
  type ResponseSchema,
} from '@google/generative-ai';
import { checkKey, explainFailure, overloaded, type FailedCall } from '../failure/explain.js';
import { failureIn, type GoogleFailure } from '../failure/google-failure.js';
import {
  GeminiApi,
  type GeminiKey,
  type GeminiMedia,
  type JsonAnswer,
  type JsonQuestion,
  type UploadedFile,
} from '../gemini-api.js';
import { answerCutOff, isWhole, readAnswer, type StreamedAnswer } from '../read-answer.js';
import { POLL_PACE, type PollPace } from '../rest/await-active.js';
import { FilesClient } from '../rest/files-client.js';
import { GOOGLE, unreachable } from '../rest/rest-call.js';
import { withinTime } from '../within-time.js';

/** What `SdkGeminiApi` takes. */
export interface GeminiApiSettings {
  /** Where the API is; undefined: where Google has it. */
  readonly baseUrl: string | undefined;
  /** Longest wait for one answer, ms. */
  readonly timeoutMs: number;
  /** How to wait for uploaded files; tests are in a hurry. */
  readonly patience?: PollPace;
}

/**
 * The Gemini API through Google's SDK. It is archived, so nobody else knows it: this is the one file that imports it, and it is
 * asked for no more than one streamed call. Uploads go without it, since it reads a whole file at once, synchronously.
 */
export class SdkGeminiApi extends GeminiApi {
  private readonly baseUrl: string;
  private readonly timeoutMs: number;
  private readonly files: FilesClient;

  constructor({ baseUrl = GOOGLE, timeoutMs, patience = POLL_PACE }: GeminiApiSettings) {
    super();
    this.baseUrl = baseUrl.replace(/\/+$/, '');
    this.timeoutMs = timeoutMs;
    this.files = new FilesClient(this.baseUrl, timeoutMs, patience);
  }

  async generateJson(key: GeminiKey, question: JsonQuestion, signal: AbortSignal): Promise<JsonAnswer> {
    checkKey(key);
    // The SDK looks at no signal that has aborted before, and never clears the timer of its own limit.
    const answer = await withinTime(this.timeoutMs, signal, (either) => this.stream(key, question, either));
    return readAnswer(answer, question.schema);
  }

  uploadVideo(key: GeminiKey, file: string, mimeType: string, signal: AbortSignal): Promise<UploadedFile> {
    return this.files.upload(key, file, mimeType, signal);
  }

  waitActive(key: GeminiKey, file: UploadedFile, signal: AbortSignal): Promise<void> {
    return this.files.waitActive(key, file, signal);
  }

  delete(key: GeminiKey, file: UploadedFile, signal: AbortSignal): Promise<void> {
    return this.files.delete(key, file, signal);
  }

  private async stream(key: GeminiKey, question: JsonQuestion, signal: AbortSignal): Promise<StreamedAnswer> {
    const { model, schema } = question;
    const pieces: Piece[] = [];
    const asked = new GoogleGenerativeAI(key.key).getGenerativeModel({ model }, { baseUrl: this.baseUrl });
    try {
      const { stream, response } = await asked.generateContentStream(requestOf(question), { signal });
      // The same once more: its failure is the stream's.
      response.catch(() => undefined);
      for await (const piece of stream as AsyncIterable<Piece>) {
        const failure = failureIn(piece);
        if (failure !== undefined) throw explainFailure(failure, { key, model, now: Date.now() });
        pieces.push(piece);
      }
      return gathered(pieces);
    } catch (error) {
      // An answer that is all there was paid for, whatever came behind it.
      const answer = gathered(pieces);
      if (!signal.aborted && isWhole(answer, schema)) return answer;
      throw translate(error, answer, { key, model, now: Date.now() });
    }
  }
}

function requestOf({ prompt, schema, media }: JsonQuestion): GenerateContentRequest {
  const generationConfig = { responseMimeType: 'application/json', responseSchema: schema as ResponseSchema };
  return { contents: [{ role: 'user', parts: [...media.map(partOf), { text: prompt }] }], generationConfig };
}

function partOf(media: GeminiMedia): Part {
  const { mimeType } = media;
  if (media.kind === 'uploaded') return { fileData: { mimeType, fileUri: media.uri } };
  const { buffer, byteOffset, byteLength } = media.bytes;
  return { inlineData: { mimeType, data: Buffer.from(buffer, byteOffset, byteLength).toString('base64') } };
}

/** A piece of an answer as it comes over the wire: the SDK's types promise more, and know no thinking. */
interface Piece {
  readonly candidates?: readonly {
    readonly content?: { readonly parts?: readonly { readonly text?: string; readonly thought?: boolean }[] };
    readonly finishReason?: string;
  }[];
  readonly promptFeedback?: { readonly blockReason?: string };
  readonly usageMetadata?: Partial<Record<'promptTokenCount' | 'candidatesTokenCount' | 'thoughtsTokenCount', number>>;
}

/** The pieces of an answer put together; the SDK's own way loses words when a piece has several parts. */
function gathered(pieces: readonly Piece[]): StreamedAnswer {
  const candidates = pieces.flatMap(({ candidates = [] }) => candidates.slice(0, 1));
  const parts = candidates.flatMap(({ content }) => content?.parts ?? []);
  const usage = pieces.findLast(({ usageMetadata }) => usageMetadata !== undefined)?.usageMetadata ?? {};
  const { promptTokenCount = 0, candidatesTokenCount = 0, thoughtsTokenCount = 0 } = usage;
  return {
    text: parts.map(({ text = '', thought }) => (thought === true ? '' : text)).join(''),
    finishReason: candidates.findLast(({ finishReason }) => finishReason !== undefined)?.finishReason,
    blockReason: pieces.map(({ promptFeedback }) => promptFeedback?.blockReason).find((reason) => reason !== undefined),
    // Thinking is paid for as output.
    tokens: { input: promptTokenCount, output: candidatesTokenCount + thoughtsTokenCount },
    thoughtTokens: thoughtsTokenCount,
  };
}

/**
 * The error of ours for what the SDK threw; what it did not throw comes back as it is. None has the SDK's as its cause: that
 * quotes Google, and Google may quote the key.
 */
function translate(error: unknown, { finishReason }: StreamedAnswer, call: FailedCall): unknown {
  // Every error of the SDK is named "Error"; only its class tells.
  if (error instanceof GoogleGenerativeAIFetchError) return explainFailure(failureOf(error), call);
  if (!(error instanceof GoogleGenerativeAIError)) return error;
  if (error.message.includes('Error fetching from')) return unreachable();
  // An empty end and then an error that is no event: so an overloaded model ends a stream. The SDK keeps the error to itself.
  return finishReason === 'STOP' ? overloaded(call) : answerCutOff();
}

/** The message is `… Error fetching from <url>: [400 Bad Request] <Google's words> [<details as JSON>]`. */
function failureOf({ status = 500, message, errorDetails = [] }: GoogleGenerativeAIFetchError): GoogleFailure {
  const words = message.slice(message.indexOf(`[${status} `)).replace(/^\[[^\]]*\]\s*/, '');
  return { status, details: errorDetails, message: words.split(' [{', 1)[0] ?? '' };
}
