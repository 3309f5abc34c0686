import { rmSync, writeFileSync } from 'node:fs';
import { Processes } from '../demo/processes.js';
import { loadConfig } from '../src/config/config.js';
import { readEnvironment } from '../src/config/sources/environment.js';
import { alertmanagerPart, grafanaPart, prometheusPart, redisExporterPart } from './monitoring.js';
import { Parts, type Part } from './parts.js';
import { PATIENCE_FILE, ROLL_FILE, STACK_FILE, stackSet } from './places.js';
import { startRedis } from './redis.js';
import { startSample, writeSampleCameras } from './sample.js';
import { roadstreamParts } from './services.js';
import { writeStackFile, writeWhole } from './stack-file.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Leads the stack: starts all of it, restarts the workers one by one on SIGUSR2, ends it on SIGTERM. @returns the exit code */
export async function lead(stub: boolean): Promise<number> {
  const stop = new Promise<'stop'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve('stop'));
  });
  for (const file of [STACK_FILE, ROLL_FILE]) rmSync(file, { force: true });
  const config = loadConfig(readEnvironment());
  const processes = await Processes.take(stackSet(config.worker.shutdownGraceMs));
  writePatience(config.worker.shutdownGraceMs);
  const parts = new Parts(processes, say);
  let code = 0;
  try {
    const up = await Promise.race([setUp(parts, processes, config, stub), stop, parts.failed]);
    if (up !== 'stop') {
      rollOnSignal(parts, up);
      await stop;
    }
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    code = 1;
  }
  parts.letGo();
  rmSync(STACK_FILE, { force: true });
  await processes.end();
  return code;
}

/** The leader ends its children within their patience, Redis after the others. */
function writePatience(graceMs: number): void {
  const longestMs = 2 * stackSet(graceMs).patienceMs + stackSet().patienceMs;
  writeFileSync(PATIENCE_FILE, String(Math.ceil(longestMs / 100)));
}

/** @returns the workers */
async function setUp(
  parts: Parts,
  processes: Processes,
  config: ReturnType<typeof loadConfig>,
  stub: boolean,
): Promise<Part[]> {
  const { origin, playlist } = await startSample();
  const redis = await startRedis(processes);
  const camerasFile = await writeSampleCameras(playlist);
  const given = readEnvironment();
  const services = await roadstreamParts({ config, given, redis, originHost: origin.host, camerasFile, stub });
  const alertmanager = await alertmanagerPart();
  const exporter = await redisExporterPart(redis);
  const targets = Object.fromEntries(services.map(({ role, url }) => [role, url]));
  const token = config.access.metricsToken;
  const prometheus = await prometheusPart({
    targets,
    alertmanager: alertmanager.url,
    redisExporter: exporter?.url,
    token,
  });
  const grafana = await grafanaPart(prometheus.url);
  await startAll(parts, [...services, alertmanager, exporter]);
  // They ask the others from the start on, and would call down what is not up yet.
  await startAll(parts, [prometheus, grafana]);
  writeStackFile({
    ...{ redis, api: targets['api'] ?? '', roadstream: targets, sample: playlist, stub },
    ...{ prometheus: prometheus.url, alertmanager: alertmanager.url },
    ...{ redisExporter: exporter?.url ?? null, grafana: grafana?.url ?? null },
  });
  processes.announce(targets['api'] ?? '');
  return services.filter(({ role }) => role.startsWith('worker-'));
}

async function startAll(parts: Parts, some: readonly (Part | undefined)[]): Promise<void> {
  await Promise.all(some.flatMap((part) => (part === undefined ? [] : [parts.start(part)])));
}

/** A deployment in small: each worker gives its jobs back and comes again before the next one goes. */
function rollOnSignal(parts: Parts, workers: readonly Part[]): void {
  let last = Promise.resolve();
  let count = 0;
  const roll = async (): Promise<void> => {
    for (const worker of workers) {
      say(`${worker.role} is started anew.`);
      await parts.end(worker.role);
      await parts.start(worker);
    }
  };
  process.on('SIGUSR2', () => {
    last = last.then(async () => {
      const failure = await roll().catch((error: unknown) => String(error));
      count += 1;
      writeWhole(ROLL_FILE, { count, failure: failure ?? null });
    });
  });
}
