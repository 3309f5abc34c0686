import { unavailableError, quotaError429 } from './google-error.js';

/** An answer as a stream of events that is not what it should be. Each was seen in public reports. */
export const ODD_ANSWERS = {
  /** The JSON in a code fence. */
  fenced: (text: string) => [piece(`\`\`\`json\n${text}\n\`\`\``, 'STOP')],
  /** A piece of something behind it. */
  trailing: (text: string) => [piece(`${text}."\n}`, 'STOP')],
  twice: (text: string) => [piece(text + text, 'STOP')],
  /** Words before it, with braces that are no JSON. */
  prose: (text: string) => [piece(`Here {as asked} is {"a":1} and the answer:\n${text}`, 'STOP')],
  listed: (text: string) => [piece(`\uFEFF[${text}]`, 'STOP')],
  'empty-stop': () => [piece(undefined, 'STOP')],
  'empty-text': () => [piece('', 'STOP')],
  /** All tokens went into thinking. */
  'all-thought': () => [
    event({
      candidates: [{ content: { role: 'model' }, finishReason: 'MAX_TOKENS' }],
      usageMetadata: { thoughtsTokenCount: 8191 },
    }),
  ],
  /** The beginning, an empty end, and then the error outside of the stream's form. */
  'bare-503': (text: string) => [
    piece(text.slice(0, 10)),
    piece('', 'STOP'),
    JSON.stringify(unavailableError().body, null, 2),
  ],
  'stream-503': (text: string) => [piece(text.slice(0, 10)), event(unavailableError().body)],
  'stream-429': () => [event(quotaError429().body)],
  /** All of it, and then an error. */
  'late-503': (text: string) => [piece(text, 'STOP'), event(unavailableError().body)],
} satisfies Record<string, (text: string) => string[]>;

export type OddAnswer = keyof typeof ODD_ANSWERS;

/** Whether a fault is one of these. */
export function isOdd(kind: string | undefined): kind is OddAnswer {
  return kind !== undefined && Object.hasOwn(ODD_ANSWERS, kind);
}

function piece(text: string | undefined, finishReason?: string): string {
  const content = { role: 'model', ...(text === undefined ? {} : { parts: [{ text }] }) };
  const candidate = { content, ...(finishReason === undefined ? {} : { finishReason }), index: 0 };
  return event({ candidates: [candidate], usageMetadata: { promptTokenCount: 100, candidatesTokenCount: 20 } });
}

function event(value: object): string {
  return `data: ${JSON.stringify(value)}\r\n\r\n`;
}
