import { describe, expect, it } from '@jest/globals';
import { readServerFacts } from './server-facts.js';

/** As the servers themselves print it. */
const info = (...lines: string[]): string => ['# Server', ...lines, 'os:Linux', ''].join('\r\n');

describe('readServerFacts', () => {
  it.each([
    [['redis_version:7.0.15'], { name: 'Redis', version: '7.0.15', isNewEnough: true }],
    [['redis_version:8.2.1'], { name: 'Redis', version: '8.2.1', isNewEnough: true }],
    [['redis_version:6.2.14'], { name: 'Redis', version: '6.2.14', isNewEnough: false }],
    [
      ['redis_version:7.2.4', 'server_name:valkey', 'valkey_version:8.1.1', 'valkey_release_stage:ga'],
      { name: 'Valkey', version: '8.1.1', isNewEnough: true },
    ],
  ])('reads %j', (lines, facts) => expect(readServerFacts(info(...lines))).toEqual(facts));

  it('knows nothing where nothing is said', () => expect(readServerFacts('NOPERM …')).toBeUndefined());
});
