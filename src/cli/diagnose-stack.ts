import { readFileSync } from 'node:fs';
import { loadConfig } from '../config/config.js';
import { readEnvironment } from '../config/sources/environment.js';
import { messageOf } from '../job/errors.js';
import { fail, ok, warn, type Diagnosis } from '../lib/diagnosis.js';
import { withQueue } from './with-queue.js';

/** What `npm run stack` writes down of itself. */
interface Stack {
  redis: string;
  /** Processes of roadstream by their name. */
  roadstream: Record<string, string>;
  prometheus: string;
  alertmanager: string;
  redisExporter: string | null;
  grafana: string | null;
}

/** Where it lies, from the checkout. */
export const STACK_FILE = '.stack/stack.json';

const ANSWERS_WITHIN_MS = 5_000;
const RESTART = 'end the stack with "npm run stop" and start it again';

/** Looks at every part of the stack that `npm run stack` started here. */
export async function diagnoseStack(): Promise<Diagnosis[]> {
  const stack = readStack();
  if (stack === undefined) return [fail('stack', 'None is up here: start it with "npm run stack".')];
  const { roadstream, prometheus, alertmanager, redisExporter, grafana } = stack;
  return (
    await Promise.all([
      diagnoseRedis(stack.redis),
      ...Object.entries(roadstream).map(([name, url]) => part(name, url, '/health/ready')),
      part('prometheus', prometheus, '/-/ready'),
      diagnoseTargets(prometheus),
      diagnoseRules(prometheus),
      part('alertmanager', alertmanager, '/-/ready'),
      ...optional('redis-exporter', redisExporter, '/', 'no alerts on Redis itself'),
      ...optional('grafana', grafana, '/api/health', 'no dashboards'),
    ])
  ).flat();
}

function readStack(): Stack | undefined {
  try {
    return JSON.parse(readFileSync(STACK_FILE, 'utf8')) as Stack;
  } catch {
    return undefined;
  }
}

async function diagnoseRedis(url: string): Promise<Diagnosis> {
  try {
    const config = loadConfig({ ...readEnvironment(), REDIS_URL: url });
    const answer = await withQueue(config, ({ connection }) => connection.ping());
    return ok('redis', `${answer} from ${url}.`);
  } catch (error) {
    return fail('redis', `${messageOf(error)} It is at ${url}; ${RESTART}.`);
  }
}

async function part(name: string, url: string, path: string): Promise<Diagnosis> {
  try {
    const { ok: isOk, status } = await get(url + path);
    if (isOk) return ok(name, `ready at ${url}.`);
    return fail(name, `${url}${path} is answered ${status}: see .stack/logs/${name}.log.`);
  } catch (error) {
    return fail(name, `${url} does not answer (${messageOf(error)}): see .stack/logs/${name}.log, then ${RESTART}.`);
  }
}

function optional(name: string, url: string | null, path: string, lack: string): (Diagnosis | Promise<Diagnosis>)[] {
  return [url === null ? warn(name, `It was not installed when the stack started: ${lack}.`) : part(name, url, path)];
}

/** Whether Prometheus reaches all that it is to ask. */
async function diagnoseTargets(prometheus: string): Promise<Diagnosis> {
  try {
    const { activeTargets } = await ask<{ activeTargets: Target[] }>(prometheus, 'targets?state=active');
    const dark = activeTargets
      .filter(({ health }) => health === 'down')
      .map(({ scrapeUrl, lastError }) => `${scrapeUrl} (${lastError})`);
    if (dark.length > 0) return fail('targets', `Prometheus cannot scrape ${dark.join(', ')}: do they run?`);
    const seen = activeTargets.filter(({ health }) => health === 'up').length;
    return ok('targets', `Prometheus scrapes ${seen} of ${activeTargets.length}; the others come with the next round.`);
  } catch (error) {
    return fail('targets', `Prometheus does not say whom it scrapes: ${messageOf(error)}`);
  }
}

interface Target {
  scrapeUrl: string;
  lastError: string;
  health: 'up' | 'down' | 'unknown';
}

/** Whether the alerts are loaded, and which ring. */
async function diagnoseRules(prometheus: string): Promise<Diagnosis> {
  try {
    const { groups } = await ask<{ groups: { rules: { name: string; type: string; state?: string }[] }[] }>(
      prometheus,
      'rules',
    );
    const alerts = groups.flatMap(({ rules }) => rules).filter(({ type }) => type === 'alerting');
    if (alerts.length === 0) return fail('alerts', 'Prometheus has loaded none: see .stack/logs/prometheus.log.');
    const rings = alerts.filter(({ state }) => state === 'firing').map(({ name }) => name);
    if (rings.length > 0) return warn('alerts', `${rings.join(', ')}: see docs/operations.md.`);
    return ok('alerts', `${alerts.length} are loaded, none rings.`);
  } catch (error) {
    return fail('alerts', `Prometheus does not tell its alerts: ${messageOf(error)}`);
  }
}

async function ask<T>(prometheus: string, path: string): Promise<T> {
  return ((await (await get(`${prometheus}/api/v1/${path}`)).json()) as { data: T }).data;
}

function get(url: string): Promise<Response> {
  return fetch(url, { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
}
