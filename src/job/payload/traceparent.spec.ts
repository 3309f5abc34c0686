import { describe, expect, it } from '@jest/globals';
import { readFields } from '../payload.js';
import { parseTraceparent, readTraceparent, traceparentField } from './traceparent.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('a traceparent', () => {
  it.each([
    [`00-${TRACE}-${SPAN}-01`, true],
    [` 00-${TRACE}-${SPAN}-00 `, false],
    [`00-${TRACE}-${SPAN}-03`, true],
    [`cc-${TRACE}-${SPAN}-01-what-the-future-brings`, true],
  ])('is read: %s', (text, isSampled) => {
    expect(parseTraceparent(text)).toEqual({ traceId: TRACE, spanId: SPAN, isSampled });
    expect(traceparentField(text)).toEqual({ traceparent: text.trim() });
  });

  it.each([
    undefined,
    '',
    'null',
    `ff-${TRACE}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01x`,
    `cc-${TRACE}-${SPAN}-01-${'x'.repeat(200)}`,
  ])('is none, and is not passed on: %s', (text) => {
    expect(parseTraceparent(text)).toBeUndefined();
    expect(traceparentField(text)).toEqual({});
  });

  it('that is there twice is no reason to refuse the job', () => {
    const payload = ['traceparent', 'one', 'payload', '{"cctvId":"a","traceparent":"two"}'];
    const fields = readFields(payload.map((text) => Buffer.from(text)));
    expect(readTraceparent(fields)).toBeUndefined();
    expect(fields.require('cctvId')).toBe('a');
  });
});
