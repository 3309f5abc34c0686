import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RedisServer } from '../support/redis-server.js';
import { Service } from '../support/service.js';

describe('a service whose Redis has died', () => {
  let server: RedisServer;
  let service: Service;

  beforeAll(async () => {
    server = await RedisServer.start();
    service = await Service.start({ REDIS_URL: server.url, ROLES: 'assess', GEMINI_API_KEY: 'none-that-works' });
    await server.down('SIGKILL');
  });
  afterAll(async () => {
    service.process.kill('SIGKILL');
    await server.stop();
  });

  it('says so at once to who asks what only Redis knows, or cancels a job', async () => {
    const asked = ['/cameras', '/cameras/cam', '/assessments', '/control/dlq'].map((path) => fetch(service.url + path));
    const cancelled = fetch(`${service.url}/control/jobs/job-1/cancel`, { method: 'POST' });
    for (const response of await Promise.all([...asked, cancelled])) {
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({ code: 'REDIS_UNREACHABLE' });
    }
  });

  it('ends all the same when it is told to', async () => {
    expect(await service.stop()).toBe(0);
    expect(service.output).not.toContain('failed unexpectedly');
  });
});
