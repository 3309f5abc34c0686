import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JobView } from '../../src/jobs/job-view.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

const run = promisify(execFile);
const README = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const [, SECTION = ''] = /### Ask for it over HTTP\n\n```sh\n([^]*?)\n```/.exec(README) ?? [];
const CALLS = SECTION.split('\n');

const { server } = useRedis();

describe('the calls that the README shows', () => {
  let service: Service;

  beforeAll(async () => {
    service = await Service.start({ REDIS_URL: server.url, ROLES: 'inspect' });
    // Nobody shall watch the camera of the example.
    await fetch(`${service.url}/control/pause`, { method: 'POST' });
  }, 90_000);

  afterAll(() => service.stop());

  /** Runs a line of the README against the service of this test. @returns what it printed, JSON where it is some */
  async function call(words: string, more = ''): Promise<{ status: string; body: string }> {
    const line = CALLS.find((each) => each.includes(words)) ?? 'false';
    const command = line
      .replaceAll('http://localhost:3000', service.url)
      .replace('curl ', `curl -sS -w '\n%{http_code}' ${more} `);
    const { stdout } = await run('bash', ['-c', command]).catch(
      // A listener that is cut off fails; what it heard is what counts.
      (error: unknown) => error as { stdout: string },
    );
    const at = stdout.lastIndexOf('\n');
    return { status: stdout.slice(at + 1), body: stdout.slice(0, at) };
  }

  it('ask for a job, once', async () => {
    const { status, body } = await call('-X PUT');
    expect([status, (JSON.parse(body) as JobView).state]).toEqual(['202', 'queued']);
    expect((await call('-X PUT')).status).toBe('200');
  });

  it('look at it and at all that wait', async () => {
    expect(JSON.parse((await call('jobs/my-job  ')).body)).toMatchObject({ id: 'my-job', cctvId: 'cctv_001' });
    expect(JSON.parse((await call('state=queued')).body)).toMatchObject({ items: [{ id: 'my-job' }] });
  });

  it('listen to it', async () => {
    const { body } = await call('/events', '--max-time 2');
    expect(body).toContain('event: job.state');
  });

  it('call it off', async () => {
    expect(JSON.parse((await call('/cancel')).body)).toMatchObject({ state: 'cancelled' });
  });

  it('are all tried here', () => expect(CALLS).toHaveLength(5));
});
