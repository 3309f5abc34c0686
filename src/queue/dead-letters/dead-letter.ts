import { readFields, type Fields, type RawPayload } from '../../job/payload.js';
import { ENVELOPE } from '../names.js';
import type { RawEntry } from '../replies.js';
import { DEAD_LETTER_FIELDS } from './dead-letter-fields.js';

/** A job that was set aside, as people and tools see it. */
export interface DeadLetter {
  /** Its id in the dead-letter stream. */
  id: string;
  code: string;
  message: string;
  step: string;
  attempts: number;
  /** When the job first came in and when it was discarded; ISO 8601. */
  firstAt: string;
  lastAt: string;
  worker: string;
  /** The stream it came from and goes back to. */
  stream: string;
  /** Id of its first entry. */
  source: string;
  /** The payload as it came: name and value, text where it is UTF-8, else hexadecimal behind `hex:`. May hold secrets. */
  payload: Record<string, string>;
}

/** Reads an entry of a dead-letter stream. */
export function toDeadLetter([id, fields]: RawEntry): DeadLetter {
  const ours = new Map<string, string>();
  const payload: Record<string, string> = {};
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = readable(fields[i] as Buffer);
    const value = readable(fields[i + 1] as Buffer);
    if (name.startsWith(ENVELOPE)) ours.set(name, value);
    else payload[name] = value;
  }
  const own = (name: keyof typeof DEAD_LETTER_FIELDS): string => ours.get(DEAD_LETTER_FIELDS[name]) ?? '';
  return {
    id: id.toString('latin1'),
    code: own('code'),
    message: own('message'),
    step: own('step'),
    attempts: Number(own('attempts')),
    firstAt: own('firstAt'),
    lastAt: own('lastAt'),
    worker: own('worker'),
    stream: own('stream'),
    source: own('source'),
    payload,
  };
}

/** A field of the payload, whatever producer wrote it; undefined where a worker could not read it either. */
export function fieldOfLetter({ payload }: Pick<DeadLetter, 'payload'>, name: string): string | undefined {
  try {
    return fieldsOf(Object.entries(payload).flatMap(([key, value]) => [Buffer.from(key), Buffer.from(value)]))?.get(
      name,
    );
  } catch {
    return undefined;
  }
}

function fieldsOf(payload: RawPayload): Fields | undefined {
  return payload.length === 0 ? undefined : readFields(payload);
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function readable(bytes: Buffer): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return `hex:${bytes.toString('hex')}`;
  }
}
