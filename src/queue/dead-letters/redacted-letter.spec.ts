import { describe, expect, it } from '@jest/globals';
import type { DeadLetter } from './dead-letter.js';
import { withoutSecrets } from './redacted-letter.js';

describe('a dead letter that is shown', () => {
  it('tells what is known to be harmless', () => {
    const payload = { cctvId: 'cctv_001', jobId: '"j-1"', sec: '20', attempt: '0', enqueuedAt: '[2024,1,2,3,4]' };
    expect(shown(payload)).toEqual(payload);
  });

  it.each([
    ['a query and a user', 'https://u:p@cam.example/a.m3u8?token=SECRET', 'https://cam.example/a.m3u8'],
    ['quotes around it', '"https://cam.example/a.m3u8?token=SECRET"', '<41 bytes; dlq show --secrets>'],
    ['no web address', 'data:text/plain,SECRET', '<22 bytes; dlq show --secrets>'],
    ['nothing that can be read', 'http://[SECRET', '<unreadable url>'],
  ])('hides what may be secret of a URL with %s', (_what, hls, safe) => {
    expect(shown({ hls, video: hls })).toEqual({ hls: safe, video: safe });
  });

  it('tells which recording a job is about', () => {
    const payload = { video: 'cctv_001/20240909T100000Z.mp4', segmentStart: '2024-09-09T10:00:00Z' };
    expect(shown(payload)).toEqual(payload);
  });

  it('tells of all else only how large it is', () => {
    const payload = { payload: '{"hls":"rtsp:SECRET","cctvId":"a"}', token: 'SECRET', cctvId: 'é\u001b[2J' };
    expect(shown(payload)).toEqual({
      payload: '<34 bytes; dlq show --secrets>',
      token: '<6 bytes; dlq show --secrets>',
      cctvId: '<6 bytes; dlq show --secrets>',
    });
  });

  it('lets neither names nor the message speak to a terminal', () => {
    const letter = letterOf({ '\u009b2J SECRET': 'x' }, 'It said \u001b]0;owned\u0007 at http://c.example/?t=SECRET.');
    expect(withoutSecrets(letter)).toMatchObject({
      message: 'It said ?]0;owned? at http://c.example/',
      payload: { '<field 1>': '<1 bytes; dlq show --secrets>' },
    });
  });

  it('leaves the letter itself as it is', () => {
    const letter = letterOf({ token: 'SECRET' });
    withoutSecrets(letter);
    expect(letter.payload).toEqual({ token: 'SECRET' });
  });
});

function shown(payload: Record<string, string>): Record<string, string> {
  return withoutSecrets(letterOf(payload)).payload;
}

function letterOf(payload: Record<string, string>, message = 'No video.'): DeadLetter {
  return {
    id: '1-0',
    code: 'HLS_TIMEOUT',
    message,
    step: 'capture',
    attempts: 1,
    firstAt: '2024-01-02T03:04:05.000Z',
    lastAt: '2024-01-02T03:04:05.000Z',
    worker: 'w',
    stream: 's',
    source: '1-0',
    payload,
  };
}
