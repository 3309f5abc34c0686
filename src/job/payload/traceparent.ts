import type { Fields } from './fields.js';

/** The field of a payload, and the header of a call, that says in which trace a job was asked for. */
export const TRACEPARENT = 'traceparent';

/** A span of somebody else. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Whether its trace is recorded. */
  readonly isSampled: boolean;
}

/** Later versions may say more behind the flags. */
const FORM = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/;
/** Nobody needs more; what is longer is not passed on. Characters. */
const LONGEST = 128;
const SAMPLED = 1;

/** Reads a `traceparent`; undefined for what is none. Source: W3C Trace Context, section 3.2. */
export function parseTraceparent(text: string | undefined): TraceContext | undefined {
  if (text === undefined || text.length > LONGEST) return undefined;
  const [, traceId = '', spanId = '', flags = ''] = FORM.exec(text.trim()) ?? [];
  return traceId === '' ? undefined : { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & SAMPLED) !== 0 };
}

/** The field that carries it, for a payload; none for what is no `traceparent`. */
export function traceparentField(text: string | undefined): { [TRACEPARENT]?: string } {
  return parseTraceparent(text) === undefined ? {} : { [TRACEPARENT]: (text as string).trim() };
}

/** The field of a payload. What is odd there is no reason to refuse a job: then there is none. */
export function readTraceparent(fields: Fields): string | undefined {
  try {
    return fields.get(TRACEPARENT);
  } catch {
    return undefined;
  }
}
