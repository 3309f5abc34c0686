import { existsSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { ROLES } from '../../src/config/env.forms.js';
import { DEFAULTS, NAMES } from '../../src/config/table/table.js';
import { eventually } from '../support/eventually.js';
import { HlsMedia } from '../support/hls-media.js';
import { HlsOrigin } from '../support/hls-origin.js';
import { Service, type Command } from '../support/service.js';
import { canWatch } from '../support/system-calls.js';
import { useFolder } from '../support/use-folder.js';
import { useRedis } from '../support/use-redis.js';
import { allowedBy, callsIn } from './allowed-calls.js';
import { ROOT } from './rules-file.js';
import { itWith, ran } from './tools.js';

const unit = readFileSync(`${ROOT}ops/systemd/roadstream@.service`, 'utf8');
const valuesOf = (key: string): string[] =>
  [...unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, v = '']) => v);
const withSystemd = itWith('systemd-analyze', 'systemd');
const withStrace = canWatch() ? withSystemd : it.skip;

/** Of systemd's own scale of exposure, from 0 to 10 in tenths, what the unit may reach. */
const MOST_EXPOSED = '25';

describe('the unit for systemd', () => {
  const folder = useFolder('systemd');

  /** The unit of a role, with programs that are on this machine. */
  async function unitOf(role: string): Promise<string> {
    const path = folder.at(`roadstream@${role}.service`);
    await writeFile(path, unit.replaceAll('/usr/bin/node ', `${process.execPath} `));
    return path;
  }

  withSystemd('is one that systemd understands, for every role', async () => {
    for (const role of ROLES) {
      const { ok, said } = ran('systemd-analyze', 'verify', '--man=no', await unitOf(role));
      expect([role, ok, said.split('\n').filter((line) => line.includes('roadstream@'))]).toEqual([role, true, []]);
    }
  });

  withSystemd('leaves a process little that it could do harm with', async () => {
    const args = ['security', '--offline=true', `--threshold=${MOST_EXPOSED}`, '--no-pager', await unitOf('inspect')];
    const { ok, said } = ran('systemd-analyze', ...args);
    expect([ok, said]).toEqual([true, expect.stringContaining('exposure level')]);
  });

  it('gives it longer to stop than it takes to hand its jobs back', () => {
    expect(Number(valuesOf('TimeoutStopSec')[0])).toBeGreaterThanOrEqual(DEFAULTS.SHUTDOWN_GRACE_SECONDS + 10);
  });

  it('starts what is there, and names settings of the product only', () => {
    const main = /\/opt\/roadstream\/(\S+)/.exec(valuesOf('ExecStart')[0] ?? '')?.[1] ?? '';
    expect(existsSync(ROOT + main.replace(/^dist\/(.*)\.js$/, '$1.ts'))).toBe(true);
    const assigned = [...valuesOf('Environment'), ...valuesOf('ExecStart')].flatMap((line) =>
      line.match(/\b[A-Z_]+(?==)/g),
    );
    expect(
      assigned.filter((name) => name !== 'NODE_ENV' && !(NAMES as readonly (string | null)[]).includes(name)),
    ).toEqual([]);
    expect(assigned).toContain('ROLES');
  });

  const { server, redis } = useRedis();

  withStrace(
    'allows every system call that a worker makes from its start to its end',
    async () => {
      const media = await HlsMedia.make(['vod']);
      const origin = await HlsOrigin.start(media);
      const summary = folder.at('calls');
      const under = (program: Command): Command => [
        'strace',
        '-D',
        '-f',
        '-q',
        '-c',
        '-U',
        'name',
        '-o',
        summary,
        ...program,
      ];
      const environment = { REDIS_URL: server.url, OUTBOUND_ALLOW: `127.0.0.1:${origin.port}`, LOG_LEVEL: 'info' };
      const service = await Service.start(environment, { under });
      const hls = origin.url('/vod/index.m3u8');
      await redis.xadd('stream:preprocess', '*', 'cctvId', 'cam', 'hls', hls, 'sec', '2');
      const done = async () => (await service.metric('roadstream_jobs_total{outcome="complete"}')) === 1;
      await eventually('the job is done', done, 90_000);
      await service.stop();
      const told = await eventually('strace has summed up', async () => {
        const calls = callsIn(await readFile(summary, 'utf8').catch(() => ''));
        return calls.length > 0 && calls;
      });
      await Promise.all([origin.stop(), media.remove()]);
      const allowed = allowedBy(valuesOf('SystemCallFilter'));
      expect(told.length).toBeGreaterThan(40);
      expect(told.filter((name) => !allowed.has(name))).toEqual([]);
    },
    180_000,
  );
});
