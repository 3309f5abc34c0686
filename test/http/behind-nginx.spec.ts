import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { rawExchange } from '../support/raw-http.js';
import { freePort } from '../support/redis-server.js';
import { SseReader } from '../support/sse-reader.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

/** nginx comes with Debian's package nginx-light; where it is not installed its way of speaking is only imitated. */
const hasNginx = spawnSync('nginx', ['-v']).status === 0;
if (!hasNginx)
  console.warn('nginx is not installed: nothing is tested behind a real one (apt-get install nginx-light).');
const withNginx = hasNginx ? describe : describe.skip;
/** Started by root, nginx serves as another user, as packages have it; only then can the last rule be seen at work. */
const asRoot = process.getuid?.() === 0 ? it : it.skip;

const { server, redis } = useRedis();

withNginx('without a token, behind nginx on this machine', () => {
  let service: Service;
  let nginx: Nginx;

  beforeAll(async () => {
    service = await Service.start({ REDIS_URL: server.url });
  }, 60_000);
  afterAll(() => service.stop());

  /** What a client of a proxy gets for a control call, and for a look. */
  async function throughNginx(location: string, more = ''): Promise<[control: number, look: number]> {
    nginx = await Nginx.start(
      location.replace('SERVICE', new URL(service.url).host),
      more.replace('SERVICE', new URL(service.url).host),
    );
    try {
      const headers = { Host: '127.0.0.1' };
      const control = await rawExchange(nginx.url, '/control/pause', { method: 'POST', headers });
      const look = await rawExchange(nginx.url, '/worker/status', { headers });
      return [control.status, look.status];
    } finally {
      await nginx.stop();
    }
  }

  it('nobody steers through a plain proxy_pass', async () => {
    expect(await throughNginx('proxy_pass http://SERVICE;')).toEqual([403, 200]);
  });

  it('nobody steers through a named upstream, and all may look', async () => {
    const upstream = 'upstream road { server SERVICE; }';
    const location = 'proxy_pass http://road; proxy_http_version 1.1; proxy_set_header Connection "";';
    expect(await throughNginx(location, upstream)).toEqual([403, 200]);
  });

  it('nobody steers when it says for whom it speaks', async () => {
    const location = 'proxy_pass http://SERVICE; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;';
    expect(await throughNginx(`${location} proxy_http_version 1.1;`)).toEqual([403, 200]);
  });

  it('events come as they happen, though nginx gathers answers and speaks an old HTTP', async () => {
    nginx = await Nginx.start('proxy_pass http://SERVICE;'.replace('SERVICE', new URL(service.url).host), '');
    const reader = await SseReader.open(`${nginx.url}/api/v1/events`, { Host: '127.0.0.1' });
    await eventually('it hears', async () => {
      await redis.xadd('{stream:preprocess}:events', '*', 'type', 'queue.changed', 'data', '{}');
      return reader.events.length > 1;
    });
    reader.close();
    await nginx.stop();
  });

  asRoot('nobody steers through one that looks like any local caller, since it runs as another user', async () => {
    // As nginx speaks by default since 1.29.7.
    const location = 'proxy_pass http://SERVICE; proxy_http_version 1.1; proxy_set_header Connection "";';
    expect(await throughNginx(location)).toEqual([403, 200]);
  });
});

class Nginx {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly url: string,
  ) {}

  static async start(location: string, more: string): Promise<Nginx> {
    const folder = await mkdtemp(join(tmpdir(), 'roadstream-nginx-'));
    // Its workers are another user.
    await chmod(folder, 0o755);
    const port = await freePort();
    const config = join(folder, 'nginx.conf');
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${folder}/${name};`,
    );
    await writeFile(
      config,
      `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; worker_processes 1;
      events { worker_connections 64; }
      http { access_log off; ${paths.join(' ')} ${more}
        server { listen 127.0.0.1:${port}; location / { ${location} } } }`,
    );
    const child = spawn('nginx', ['-p', folder, '-c', config, '-e', join(folder, 'error.log')], { stdio: 'ignore' });
    const url = `http://127.0.0.1:${port}`;
    await eventually('nginx answers', async () => (await fetch(url).catch(() => undefined)) !== undefined);
    return new Nginx(child, folder, url);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill();
    await ended;
    await rm(this.folder, { recursive: true });
  }
}
