import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hex, jdk, json, utf8 } from '../../test/fixtures/spring/bytes.js';
import { InvalidJobError } from './errors.js';
import { readFields, type RawPayload } from './payload.js';

const thrownBy = (payload: RawPayload, field = 'cctvId'): InvalidJobError => {
  try {
    readFields(payload).get(field);
  } catch (error) {
    return error as InvalidJobError;
  }
  throw new Error('nothing was thrown');
};

describe('readFields', () => {
  it('names the field and the Spring serializer to set when Java serialised it', () => {
    expect(thrownBy([utf8('cctvId'), jdk('c')]).message).toMatch(/value of field "cctvId".*setHashValueSerializer/);
    expect(thrownBy([jdk('cctvId'), jdk('c')]).message).toMatch(/name of field "cctvId".*setHashKeySerializer/);
  });

  it('keeps every digit of a Java Long that a double cannot hold', () => {
    const fields = readFields([
      utf8('payload'),
      utf8('{"jobId":1234567890123456789,"note":"1234567890123456780 \\" 1"}'),
    ]);
    expect(fields.get('jobId')).toBe('1234567890123456789');
    expect(fields.get('note')).toBe('1234567890123456780 " 1');
  });

  it('leaves a quoted camera alone that happens to look like base64', () => {
    const entry = [json('cctvId'), json('cctv0001'), json('hls'), json('http://example.com/')];
    expect(readFields(entry).get('cctvId')).toBe('cctv0001');
  });

  it('takes a field named like an envelope as it is when it holds no JSON', () => {
    const fields = readFields([utf8('cctvId'), utf8('c'), utf8('value'), utf8('5')]);
    expect([fields.get('cctvId'), fields.get('value')]).toEqual(['c', '5']);
  });

  it('opens envelopes inside envelopes, with neighbours before and after', () => {
    const fields = readFields([
      utf8('type'),
      utf8('t'),
      utf8('payload'),
      json({ data: { value: '5', cctvId: 'c' }, sec: 3 }),
    ]);
    expect([fields.get('type'), fields.get('cctvId'), fields.get('sec'), fields.get('value')]).toEqual([
      't',
      'c',
      '3',
      '5',
    ]);
  });

  it('gives up on envelopes without end', () => {
    let nested: unknown = { cctvId: 'c' };
    for (let i = 0; i < 50; i++) nested = { payload: nested };
    expect(thrownBy([utf8('payload'), json(nested)]).code).toBe('BAD_JSON');
  });

  it('ignores what an unknown field holds, even twice', () => {
    const entry = [utf8('cctvId'), utf8('c'), utf8('trace'), utf8('1'), utf8('trace'), utf8('2')];
    expect(readFields(entry).get('cctvId')).toBe('c');
    expect(thrownBy(entry, 'trace').code).toBe('DUPLICATE_FIELD');
  });

  it('refuses the same envelope twice', () => {
    const entry = [utf8('payload'), json({ cctvId: 'a' }), utf8('payload'), json({ cctvId: 'b' })];
    expect(thrownBy(entry).code).toBe('DUPLICATE_FIELD');
  });

  it('refuses a field outside that contradicts the one inside', () => {
    expect(thrownBy([utf8('cctvId'), utf8('a'), utf8('payload'), json({ cctv_id: 'b' })]).code).toBe('DUPLICATE_FIELD');
  });

  it('accepts the replacement character itself, which is valid text', () => {
    expect(readFields([utf8('cctvId'), hex('efbfbd')]).get('cctvId')).toBe('\uFFFD');
  });

  it('is not fooled by names that objects have by nature', () => {
    const fields = readFields([utf8('payload'), utf8('{"__proto__":{"cctvId":"x"},"constructor":1}')]);
    expect(fields.get('cctvId')).toBeUndefined();
    expect(fields.get('toString')).toBeUndefined();
  });

  it('says what is there when a field is missing', () => {
    expect(() => readFields([utf8('camera'), utf8('c')]).require('cctvId')).toThrow(/"cctvId" is missing.*"camera"/);
    expect(() => readFields([]).require('cctvId')).toThrow(/no fields/);
  });

  it('reads or refuses any bytes, and never fails otherwise', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      fc.json().map(utf8),
      fc.constantFrom('payload', '"payload"', 'data', 'cctvId', '"X2NsYXNz"', '["a.B",', '"', '{}', 'null').map(utf8),
    );
    const attempt = (entry: Buffer[]): void => {
      try {
        const fields = readFields(entry);
        for (const name of fields.names()) fields.get(name);
      } catch (error) {
        if (!(error instanceof InvalidJobError)) throw error;
      }
    };
    fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), attempt), { numRuns: 500 });
  });
});
