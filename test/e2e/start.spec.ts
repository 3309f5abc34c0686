import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { freePort } from '../support/redis-server.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

const { server } = useRedis();

describe('a start that fails', () => {
  it('ends the process when the port is taken, and leaves no worker behind', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    const service = await Service.launch({ REDIS_URL: server.url, PORT: String(port) });
    expect(await service.end()).toBe(1);
    expect(service.output).toContain('EADDRINUSE');
    const groups = await server
      .client()
      .xinfo('CONSUMERS', 'stream:preprocess', 'workers')
      .catch(() => []);
    expect(groups).toEqual([]);
    other.close();
    // One object a line, as the log was asked to be, the reason of the failure among them.
    const lines = service.output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.at(-1)).toMatchObject({ level: 'fatal', code: 'EADDRINUSE', stack: expect.any(String) });
  });

  it('lists wrong settings in the form that the log was asked to have', async () => {
    const json = await Service.launch({ PORT: 'x', REDIS_URL: 'redis://:hunter2@h:port' });
    expect(await json.end()).toBe(1);
    const problems = [expect.stringMatching(/^REDIS_URL: /), expect.stringMatching(/^PORT: /)];
    expect(JSON.parse(json.output)).toMatchObject({ level: 'fatal', code: 'BAD_CONFIG', problems });
    const pretty = await Service.launch({ PORT: 'x', REDIS_URL: 'redis://:hunter2@h:port', LOG_PRETTY: 'true' });
    expect(await pretty.end()).toBe(1);
    expect(pretty.output).toMatch(/FATAL.*cannot start: 2 settings are wrong.*\n {2}REDIS_URL: .*\n {2}PORT: /s);
    expect(json.output + pretty.output).not.toContain('hunter2');
  });
});
