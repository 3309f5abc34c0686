import type { ServerResponse } from 'node:http';
import type { Fault } from './faults.js';
import { isOdd, ODD_ANSWERS } from './odd-answers.js';
import type { Asked } from './question.js';
import { wildValue } from './schema.js';

/** Pieces that a streamed answer comes in. */
const PIECES = 3;

/** About four characters are a token; a picture is 258 of them. */
const CHARACTERS_PER_TOKEN = 4;
const MEDIA_TOKENS = 258;

/** Reasons to end that leave no text. */
const WITHOUT_TEXT: Readonly<Record<string, string>> = {
  safety: 'SAFETY',
  prohibited: 'PROHIBITED_CONTENT',
  recitation: 'RECITATION',
};

/** Sends what was answered, as one body or as server-sent events, or what a fault makes of it. */
export function sendAnswer(response: ServerResponse, question: Asked, value: unknown, fault?: Fault): void {
  if (isOdd(fault?.kind)) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    return void response.end(ODD_ANSWERS[fault.kind](JSON.stringify(value)).join(''));
  }
  const chunks = chunksOf(question, value, fault);
  const pieces = question.streamed
    ? chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`)
    : halves(JSON.stringify(whole(chunks)));
  const type = question.streamed ? 'text/event-stream' : 'application/json; charset=UTF-8';
  response.writeHead(200, { 'content-type': type });
  if (fault?.kind === 'stalled') return void response.write(firstPart(pieces));
  if (fault?.kind === 'cut') return void response.write(firstPart(pieces), () => response.destroy());
  if (fault?.kind === 'ends-early') return void response.end(pieces[0]);
  response.end(pieces.join(''));
}

interface Chunk {
  readonly candidates?: readonly object[];
  readonly promptFeedback?: object;
  readonly usageMetadata: object;
  readonly modelVersion: string;
}

function chunksOf(question: Asked, value: unknown, fault?: Fault): Chunk[] {
  const text = textOf(value, fault);
  const common = { usageMetadata: usage(question, text), modelVersion: question.model };
  if (fault?.kind === 'blocked') return [{ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, ...common }];
  const withoutText = WITHOUT_TEXT[fault?.kind ?? ''];
  if (withoutText !== undefined) return [{ candidates: [{ finishReason: withoutText, index: 0 }], ...common }];
  const finishReason = fault?.kind === 'max-tokens' ? 'MAX_TOKENS' : 'STOP';
  return piecesOf(text).map((piece, i, all) => ({
    candidates: [candidate(piece, i === all.length - 1 ? { finishReason } : {})],
    ...common,
  }));
}

function candidate(text: string, rest: object): object {
  return { content: { parts: [{ text }], role: 'model' }, ...rest, index: 0 };
}

function textOf(value: unknown, fault?: Fault): string {
  if (fault?.kind === 'invalid-json') return 'I am sorry, but {"this": is no JSON';
  const text = JSON.stringify(fault?.kind === 'wild-numbers' ? wildValue(value) : value);
  return fault?.kind === 'max-tokens' ? text.slice(0, Math.ceil(text.length / 2)) : text;
}

function usage({ prompt, media }: Asked, text: string): object {
  const promptTokenCount = Math.ceil(prompt.length / CHARACTERS_PER_TOKEN) + MEDIA_TOKENS * media.length;
  const candidatesTokenCount = Math.ceil(text.length / CHARACTERS_PER_TOKEN);
  return { promptTokenCount, candidatesTokenCount, totalTokenCount: promptTokenCount + candidatesTokenCount };
}

function piecesOf(text: string): string[] {
  const length = Math.max(1, Math.ceil(text.length / PIECES));
  return text.match(new RegExp(`[^]{1,${length}}`, 'gu')) ?? [''];
}

function whole(chunks: readonly Chunk[]): object {
  if (chunks.length === 1) return chunks[0] as object;
  const text = chunks.flatMap(({ candidates }) => candidates as { content: { parts: { text: string }[] } }[]);
  const last = chunks.at(-1) as Chunk;
  const joined = text.map(({ content }) => content.parts[0]?.text).join('');
  return { ...last, candidates: [{ ...last.candidates?.[0], content: { parts: [{ text: joined }], role: 'model' } }] };
}

function halves(text: string): string[] {
  const middle = Math.floor(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)];
}

/** What arrives of an answer that breaks off: its beginning, and the next piece not whole. */
function firstPart(pieces: readonly string[]): string {
  const [first = '', second = ''] = pieces;
  return first + second.slice(0, second.length / 2);
}
