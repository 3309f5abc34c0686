import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Metrics } from '../../src/metrics/metrics.js';
import { newNameOf } from '../../src/metrics/both-names.js';
import { freePort } from '../support/redis-server.js';
import { Service } from '../support/service.js';
import { useFolder } from '../support/use-folder.js';
import { useRedis } from '../support/use-redis.js';
import { labelsIn, metricsIn, readAlerts, ROOT } from './rules-file.js';
import { HttpProgram, itWith, ran } from './tools.js';

const PROMETHEUS = `${ROOT}ops/prometheus`;
/** What Prometheus adds to every series, or makes itself. */
const ADDED = ['instance', 'job'];

const withPromtool = itWith('promtool', 'prometheus');
const withAmtool = itWith('amtool', 'prometheus-alertmanager');
const withAlertmanager = itWith('prometheus-alertmanager', 'prometheus-alertmanager');
const withExporter = itWith('prometheus-redis-exporter', 'prometheus-redis-exporter');

const alerts = readAlerts();
let service: Service;
const { server } = useRedis({ endFirst: () => service.stop() });
const folder = useFolder('alertmanager');

beforeAll(async () => {
  service = await Service.start({ REDIS_URL: server.url, ROLES: 'inspect' });
}, 90_000);

async function exposedBy(url: string): Promise<Set<string>> {
  const text = await (await fetch(url)).text();
  return new Set([...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name = '']) => name));
}

describe('the alerts', () => {
  withPromtool('are rules that promtool has nothing to say against', () => {
    expect(ran('promtool', 'check', 'rules', `${PROMETHEUS}/rules.yaml`)).toMatchObject({ ok: true });
    expect(ran('promtool', 'check', 'config', `${PROMETHEUS}/prometheus.yml`)).toMatchObject({ ok: true });
  });

  withPromtool(
    'ring by their cause, and not through a restart, a deployment, a quiet night or for jobs that merely wait',
    () => {
      const { ok, said } = ran('promtool', 'test', 'rules', `${PROMETHEUS}/rules.test.yaml`);
      expect([ok, said]).toEqual([true, expect.stringContaining('SUCCESS')]);
    },
    300_000,
  );

  it('are each made to ring in the tests of the rules', () => {
    const tests = readFileSync(`${PROMETHEUS}/rules.test.yaml`, 'utf8');
    const rings = (name: string): boolean => tests.includes(`{alertname="${name}"}`);
    expect(alerts.filter(({ alert }) => !rings(alert))).toEqual([]);
    expect(alerts.length).toBeGreaterThan(30);
  });

  it('ask for metrics that the service gives', async () => {
    const exposed = await exposedBy(`${service.url}/metrics`);
    const asked = alerts.flatMap(({ expr }) => metricsIn(expr)).filter((name) => !name.startsWith('redis_'));
    expect(asked.length).toBeGreaterThan(30);
    expect(asked.filter((name) => !exposed.has(name))).toEqual([]);
  });

  it('ask for labels that these metrics have', () => {
    const labels = new Map<string, string[]>();
    for (const metric of new Metrics().registry.getMetricsAsArray())
      labels.set(newNameOf(metric.name), [...ADDED, ...(metric as unknown as { labelNames: string[] }).labelNames]);
    const asked = alerts.flatMap(({ expr }) => labelsIn(expr));
    const wrong = asked.filter(({ metric, labels: names }) =>
      names.some((name) => !labels.get(metric)?.includes(name)),
    );
    expect(wrong).toEqual([]);
    expect(asked.flatMap(({ labels: names }) => names)).toEqual(
      expect.arrayContaining(['kind', 'stream', 'state', 'code']),
    );
  });

  withExporter('on Redis ask for metrics that redis_exporter gives', async () => {
    const port = await freePort();
    const args = ['--web.listen-address', `127.0.0.1:${port}`, '--redis.addr', server.url];
    const exporter = await HttpProgram.start(
      `http://127.0.0.1:${port}`,
      '/metrics',
      'prometheus-redis-exporter',
      ...args,
    );
    try {
      const text = await (await fetch(`${exporter.url}/metrics`)).text();
      const asked = alerts.flatMap(({ expr }) => metricsIn(expr)).filter((name) => name.startsWith('redis_'));
      expect(asked.length).toBeGreaterThan(3);
      expect(asked.filter((name) => !new RegExp(`^${name}[ {]`, 'm').test(text))).toEqual([]);
      expect(text).toMatch(/^redis_instance_info\{.*maxmemory_policy="noeviction"/m);
    } finally {
      await exporter.stop();
    }
  });

  it('have each a severity, words and a section of the runbook', () => {
    const page = readFileSync(`${ROOT}docs/operations.md`, 'utf8');
    for (const { alert, labels, annotations } of alerts) {
      expect(['critical', 'warning', 'info']).toContain(labels['severity']);
      expect([annotations['summary'], annotations['description']]).toEqual([expect.any(String), expect.any(String)]);
      expect(annotations['runbook_url']).toBe(`docs/operations.md#${alert.toLowerCase()}`);
      const section = page.split(`\n### ${alert}\n`)[1]?.split('\n### ')[0] ?? '';
      expect([alert, section]).toEqual([alert, expect.stringMatching(/- \*\*Look at\*\*: \S[\s\S]*- \*\*Do\*\*: \S/)]);
    }
  });
});

describe('Alertmanager', () => {
  withAmtool('accepts its configuration, and sends each severity where it belongs', () => {
    const file = `${PROMETHEUS}/alertmanager.yml`;
    expect(ran('amtool', 'check-config', file)).toMatchObject({ ok: true });
    const receivers = ['critical', 'warning', 'info'].map(
      (severity) =>
        ran('amtool', 'config', 'routes', 'test', `--config.file=${file}`, `severity=${severity}`).said.split('\n')[0],
    );
    expect(receivers).toEqual(['pager', 'tickets', 'notes']);
  });

  describe('holds back', () => {
    let manager: HttpProgram | undefined;
    afterAll(() => manager?.stop());

    withAlertmanager('what follows from an alert that rings already', async () => {
      const port = await freePort();
      manager = await HttpProgram.start(
        ...([`http://127.0.0.1:${port}`, '/-/ready', 'prometheus-alertmanager'] as const),
        ...[`--config.file=${PROMETHEUS}/alertmanager.yml`, `--web.listen-address=127.0.0.1:${port}`],
        ...['--cluster.listen-address=', `--storage.path=${folder.at('data')}`],
      );
      const ringing = [
        { alertname: 'RoadstreamNobodyClaims', kind: 'inspection' },
        { alertname: 'RoadstreamStandstill', kind: 'inspection' },
        { alertname: 'RoadstreamStandstill', kind: 'assessment' },
        { alertname: 'RoadstreamDeadLettersGrow', kind: 'inspection' },
      ];
      const body = JSON.stringify(ringing.map((labels) => ({ labels })));
      await fetch(`${manager.url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      const told = (await manager.json('/api/v2/alerts?inhibited=false')) as { labels: Record<string, string> }[];
      expect(told.map(({ labels: { alertname, kind } }) => `${alertname} ${kind}`).sort()).toEqual([
        'RoadstreamDeadLettersGrow inspection',
        'RoadstreamNobodyClaims inspection',
        'RoadstreamStandstill assessment',
      ]);
      await manager.stop();
      await rm(folder.at('data'), { recursive: true, force: true });
    });
  });
});
