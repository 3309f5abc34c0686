import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Part } from './parts.js';
import { OPS, STACK_FOLDER } from './places.js';
import { portNear } from './ports.js';

/** A part with its address. */
export type Served = Part & { readonly url: string };

const TARGETS_FILE = join(STACK_FOLDER, 'targets.json');
const PROMETHEUS_FILE = join(STACK_FOLDER, 'prometheus.yml');
/** The stack's own numbers are kept for a while only. */
const KEEP = '7d';

/** What Prometheus is told. */
export interface Scraped {
  /** Addresses of roadstream's processes. */
  readonly targets: Readonly<Record<string, string>>;
  readonly alertmanager: string;
  readonly redisExporter: string | undefined;
  /** For the metrics, where they are closed. */
  readonly token: string | undefined;
}

/** Prometheus with the alerts of ops/prometheus, and whom to scrape in a file that it reads again when it changes. */
export async function prometheusPart(scraped: Scraped): Promise<Served> {
  writeTargets(scraped.targets);
  // JSON is YAML, too.
  writeFileSync(PROMETHEUS_FILE, JSON.stringify(settings(scraped), null, 2), { mode: 0o600 });
  const url = await addressNear(9090);
  const storage = [`--storage.tsdb.path=${folder('prometheus')}`, `--storage.tsdb.retention.time=${KEEP}`];
  const args = [`--config.file=${PROMETHEUS_FILE}`, ...storage, `--web.listen-address=${hostOf(url)}`];
  return { role: 'prometheus', command: 'prometheus', args, url, readyUrl: `${url}/-/ready` };
}

/** Alertmanager with the receivers of ops/prometheus; alone, without a port for others of its kind. */
export async function alertmanagerPart(): Promise<Served> {
  const command = firstOf('prometheus-alertmanager', 'alertmanager') ?? 'prometheus-alertmanager';
  const url = await addressNear(9093);
  const config = `--config.file=${join(OPS, 'prometheus', 'alertmanager.yml')}`;
  const alone = ['--cluster.listen-address=', `--storage.path=${folder('alertmanager')}`];
  const args = [config, ...alone, `--web.listen-address=${hostOf(url)}`];
  return { role: 'alertmanager', command, args, url, readyUrl: `${url}/-/ready` };
}

/** redis_exporter, for the alerts on Redis itself; undefined where it is not installed. */
export async function redisExporterPart(redis: string): Promise<Served | undefined> {
  const command = firstOf('prometheus-redis-exporter', 'redis_exporter');
  if (command === undefined) return undefined;
  const url = await addressNear(9121);
  const args = ['--redis.addr', redis, '--web.listen-address', hostOf(url)];
  return { role: 'redis-exporter', command, args, url, readyUrl: url };
}

/** Grafana with our dashboards and Prometheus as its source; undefined where it is not installed. */
export async function grafanaPart(prometheus: string): Promise<Served | undefined> {
  const home = '/usr/share/grafana';
  if (firstOf('grafana-server') === undefined || !existsSync(home)) return undefined;
  const url = await addressNear(3001);
  const env = {
    GF_SERVER_HTTP_ADDR: '127.0.0.1',
    GF_SERVER_HTTP_PORT: new URL(url).port,
    GF_PATHS_DATA: folder('grafana'),
    GF_PATHS_LOGS: folder('grafana'),
    GF_PATHS_PROVISIONING: provisioning(prometheus),
  };
  const args = ['--homepath', home];
  return { role: 'grafana', command: 'grafana-server', args, env, url, readyUrl: `${url}/api/health` };
}

function writeTargets(targets: Scraped['targets']): void {
  const groups = Object.entries(targets).map(([role, url]) => ({ targets: [hostOf(url)], labels: { process: role } }));
  writeFileSync(TARGETS_FILE, JSON.stringify(groups, null, 2));
}

function settings({ alertmanager, redisExporter, token }: Scraped): object {
  const closed = token === undefined ? {} : { authorization: { credentials: token } };
  const redis = redisExporter === undefined ? [] : [{ targets: [hostOf(redisExporter)] }];
  return {
    global: { scrape_interval: '10s', evaluation_interval: '10s' },
    rule_files: [join(OPS, 'prometheus', 'rules.yaml')],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [hostOf(alertmanager)] }] }] },
    scrape_configs: [
      { job_name: 'roadstream', ...closed, file_sd_configs: [{ files: [TARGETS_FILE] }] },
      ...redis.map((group) => ({ job_name: 'redis', static_configs: [group] })),
    ],
  };
}

function provisioning(prometheus: string): string {
  const at = folder('grafana-provisioning');
  const source = { name: 'Prometheus', type: 'prometheus', access: 'proxy', url: prometheus, isDefault: true };
  const boards = { name: 'roadstream', type: 'file', options: { path: join(OPS, 'grafana', 'dashboards') } };
  for (const [name, content] of [
    ['datasources', { apiVersion: 1, datasources: [source] }],
    ['dashboards', { apiVersion: 1, providers: [boards] }],
  ] as const) {
    mkdirSync(join(at, name), { recursive: true });
    writeFileSync(join(at, name, 'roadstream.yaml'), JSON.stringify(content, null, 2));
  }
  return at;
}

function folder(name: string): string {
  const at = join(STACK_FOLDER, name);
  mkdirSync(at, { recursive: true });
  return at;
}

async function addressNear(port: number): Promise<string> {
  return `http://127.0.0.1:${await portNear(port)}`;
}

const hostOf = (url: string): string => new URL(url).host;

/** The first of these programs that is installed. */
function firstOf(...names: string[]): string | undefined {
  return names.find((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0);
}
