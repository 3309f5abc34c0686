import { readFile, writeFile } from 'node:fs/promises';
import { eventually } from '../support/eventually.js';
import { Service } from '../support/service.js';
import { useFolder } from '../support/use-folder.js';
import { useRedis } from '../support/use-redis.js';
import { startPrometheus } from './prometheus.js';
import { ROOT } from './rules-file.js';
import { itWith, type HttpProgram } from './tools.js';

const ended: { stop(): Promise<unknown> }[] = [];
const folder = useFolder('ringing');
const { server, redis } = useRedis({
  endFirst: async () => {
    for (const one of ended.reverse()) await one.stop();
  },
});

/** The alerts that ring now, by name. */
async function ringing(prometheus: HttpProgram): Promise<string[]> {
  const answer = await prometheus.json('/api/v1/alerts');
  const { data } = answer as { data: { alerts: { state: string; labels: { alertname: string } }[] } };
  return data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname);
}

async function hasSeen(prometheus: HttpProgram): Promise<boolean> {
  const answer = await prometheus.json('/api/v1/query?query=roadstream_groups_remade_total');
  return (answer as { data: { result: unknown[] } }).data.result.length > 0;
}

itWith('prometheus', 'prometheus')(
  'alerts ring by a real Prometheus for a real service: for a group that is destroyed, a Redis and a process that are gone',
  async () => {
    // As they are, but at once: no test waits for ten minutes.
    const rules = (await readFile(`${ROOT}ops/prometheus/rules.yaml`, 'utf8')).replaceAll(/^ +for: .*\n/gm, '');
    await writeFile(folder.at('rules.yaml'), rules);
    const service = await Service.start({ REDIS_URL: server.url, ROLES: 'inspect', REDIS_BLOCK_MS: '500' });
    const prometheus = await startPrometheus(folder, service.url, [folder.at('rules.yaml')]);
    ended.push({ stop: async () => service.isAlive && service.stop() }, prometheus);
    const rings = (name: string) =>
      eventually(`${name} rings`, async () => (await ringing(prometheus)).includes(name), 30_000);
    const isOver = (name: string) =>
      eventually(`${name} is over`, async () => !(await ringing(prometheus)).includes(name), 30_000);

    // Before it has seen the service nothing that happens to it counts.
    await eventually('Prometheus has seen the service', () => hasSeen(prometheus), 30_000);
    await eventually('nothing rings', async () => (await ringing(prometheus)).length === 0, 30_000);
    await redis.xgroup('DESTROY', 'stream:preprocess', 'workers');
    await redis.xadd('stream:preprocess', '*', 'cctvId', 'cam');
    await rings('RoadstreamGroupRemade');

    await server.down();
    await rings('RoadstreamRedisAway');
    await server.up();
    await isOver('RoadstreamRedisAway');

    await service.stop('SIGKILL');
    await rings('RoadstreamDown');
    await rings('RoadstreamInstanceDown');
  },
  180_000,
);
