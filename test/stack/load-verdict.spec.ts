import { describe, expect, it } from '@jest/globals';
import { Book } from '../../stack/load/book.js';
import { verdictOf, type Seen } from '../../stack/load/verdict.js';

const ENDED = { outcome: 'completed', attempt: 1, code: '', at: 5 };

function seenOf(book: Book, more: Partial<Seen> = {}): Seen {
  return { book, resyncs: 0, rang: new Set(), memory: new Map(), blind: undefined, ...more };
}

/** A run of one job, which ended so and was told so often. */
function faultsOf(results: Partial<typeof ENDED>[], told = 1): readonly string[] {
  const book = new Book();
  book.open('a', 'plain', false);
  for (const result of results) book.result('a', { ...ENDED, ...result });
  for (let i = 0; i < told; i += 1) book.tell('a');
  return verdictOf(seenOf(book), 100).faults;
}

describe('the verdict on a load', () => {
  it('is a pass when each job ended once for everybody', () => {
    expect(faultsOf([{}])).toEqual([]);
  });

  it.each([
    ['never ended', [], 0, 'never ended'],
    ['ended twice', [{}, {}], 1, 'more than once in the results'],
    ['was not told', [{}], 0, 'without an event'],
    ['was told twice', [{}], 2, 'told as ended more than once'],
    ['failed', [{ outcome: 'failed', code: 'HLS_TIMEOUT' }], 1, 'failed HLS_TIMEOUT'],
    ['needed a second attempt', [{ attempt: 2 }], 1, 'more than one attempt'],
  ])('names a job that %s', (_, results, told, words) => {
    expect(faultsOf(results, told)).toEqual([expect.stringContaining(words)]);
    expect(faultsOf(results, told)[0]).toContain('a (plain');
  });

  it('is no pass when nothing was accepted, and says what was refused', () => {
    const book = new Book();
    book.open('a', 'plain', false);
    book.refuse('a', 'no room');
    expect(verdictOf(seenOf(book), 100).faults).toEqual(['No job was accepted.', '1 not accepted: plain: no room']);
  });

  it('is no pass when an alert rang, memory grew too far, or nobody could look', () => {
    const book = new Book();
    book.open('a', 'plain', true);
    book.result('a', ENDED);
    book.tell('a');
    const memory = new Map([['api', { first: 90, most: 101, last: 90 }]]);
    const { faults } = verdictOf(seenOf(book, { memory, rang: new Set(['X api']), resyncs: 1, blind: 'Blind.' }), 100);
    expect(faults).toHaveLength(4);
  });
});
