import { describe, expect, it } from '@jest/globals';
import type { Request } from 'express';
import { openLog } from '../../log/log.js';
import type { Action } from './action-log.js';
import { MOST_ALARMS, SignInAlarm } from './sign-in-alarm.js';
import { MOST_TRIES } from './tokens/failed-tries.js';

const request = { ip: '192.0.2.1', method: 'POST', originalUrl: '/control/pause?token=secret' } as Request;

describe('the alarm about wrong tokens', () => {
  it('tells the first of a client and when it is made to wait, and no more than 30 in a minute', () => {
    let now = 0;
    const noted: Action[] = [];
    const log = openLog({ level: 'silent', pretty: false });
    const alarm = new SignInAlarm(log, { note: (action) => void noted.push(action) }, () => now);
    for (let count = 1; count <= MOST_TRIES + 5; count += 1) alarm.wrong(request, count);
    expect(noted.map(({ status }) => status)).toEqual([401, 429]);
    expect(noted[0]).toMatchObject({ name: '', from: '192.0.2.1', call: 'POST /control/pause' });
    for (let i = 0; i < 1_000; i += 1) alarm.wrong(request, 1);
    expect(noted).toHaveLength(MOST_ALARMS);
    now = 60_000;
    alarm.wrong(request, 1);
    expect(noted).toHaveLength(MOST_ALARMS + 1);
  });
});
