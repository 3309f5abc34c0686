import { describe, expect, it } from '@jest/globals';
import { diagnoseQueue } from './diagnose.js';

const NAMES = { lanes: ['jobs'], dlq: 'jobs:dlq', group: 'workers' };

describe('the diagnosis of the queue', () => {
  it('says what to do about a CA file that is not there', async () => {
    const redis = { url: 'rediss://redis.example:6379', tlsCaFile: '/nowhere/ca.pem' };
    expect(await diagnoseQueue(redis, NAMES)).toEqual([
      {
        subject: 'redis',
        level: 'fail',
        message: expect.stringMatching(/^REDIS_TLS_CA_FILE cannot be read .*ENOENT.*PEM/),
      },
    ]);
  });
});
