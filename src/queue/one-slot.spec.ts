import { describe, expect, it } from '@jest/globals';
import { checkSlots, slotOf } from './one-slot.js';

describe('slotOf', () => {
  // What CLUSTER KEYSLOT of Redis 7.0.15 says.
  it.each([
    ['stream:preprocess', 4031],
    ['{stream:preprocess}:high', 4031],
    ['a{b}c{d}', 3300],
    ['a{}{b}', 15033],
    ['{}x', 10595],
    ['a{b', 13340],
    ['}{x}', 16287],
    ['{{x}}y', 11068],
    ['서울{도로}:dlq', 9408],
    ['123456789', 12739],
    ['', 0],
  ])('knows where Redis puts %j', (key, slot) => {
    expect(slotOf(key)).toBe(slot);
  });
});

describe('checkSlots', () => {
  const plain = { lanes: ['stream:preprocess:high', 'stream:preprocess'], dlq: 'stream:preprocess:dlq', group: 'g' };
  const tagged = { lanes: ['{roads}:high', '{roads}'], dlq: '{roads}:dlq', group: 'g' };

  it('lets any names pass where there is no cluster', () => {
    expect(() => checkSlots({ url: 'redis://host' }, plain)).not.toThrow();
    expect(() => checkSlots({ url: 'redis+sentinel://host/name' }, plain)).not.toThrow();
  });

  it('refuses names in different slots on a cluster, and says which would do', () => {
    const url = 'redis+cluster://a:7000,b:7001';
    expect(() => checkSlots({ url }, tagged)).not.toThrow();
    expect(() => checkSlots({ url }, plain)).toThrow(/REDIS_STREAM=\{stream:preprocess\}, .*REDIS_DLQ_STREAM=/);
  });

  it('refuses an empty hash tag, which Redis ignores with all that follow it', () => {
    const url = 'redis+cluster://a:7000,b:7001';
    const emptied = { lanes: ['high{}{b}', 'plain{}{b}'], dlq: 'dlq{}{b}', group: 'g' };
    expect(() => checkSlots({ url }, emptied)).toThrow(/must lie in one slot/);
  });

  it('wants the results in the same slot, and calls the settings by their names', () => {
    const url = 'redis+cluster://a:7000,b:7001';
    expect(() => checkSlots({ url }, { ...tagged, results: '{roads}:results' })).not.toThrow();
    expect(() => checkSlots({ url }, { ...tagged, results: 'results' })).toThrow(
      /, results do not.* REDIS_STREAM=\{roads\}, .* and RESULTS_STREAM=\{roads\}:results\./,
    );
    const variables = { stream: 'A_STREAM', high: 'A_HIGH', dlq: 'A_DLQ', results: 'A_RESULTS' };
    expect(() => checkSlots({ url }, { ...plain, results: 'r', variables })).toThrow(
      /A_STREAM=.*A_HIGH=.*A_DLQ=.*A_RESULTS=/,
    );
  });
});
