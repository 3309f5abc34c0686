import { join } from 'node:path';
import { ROOT } from '../demo/places.js';
import type { Config, Environment } from '../src/config/config.js';
import type { Part } from './parts.js';
import { STACK_FOLDER } from './places.js';
import { portNear } from './ports.js';

/** Of the process that people and programs ask. */
const USUAL_PORT = 3000;
/** A stub does not load the machine. */
const STUB_SLOTS = '8';

/** What the processes of roadstream share. */
export interface Surroundings {
  readonly config: Config;
  /** What the settings say, as they were given. */
  readonly given: Environment;
  readonly redis: string;
  /** `host:port` of the sample camera */
  readonly originHost: string;
  readonly camerasFile: string;
  readonly stub: boolean;
}

/** The processes of roadstream: one answers, two work, one schedules and relays. */
export async function roadstreamParts(around: Surroundings): Promise<(Part & { url: string })[]> {
  const work = around.config.gemini.keys.length > 0 ? 'inspect,assess' : 'inspect';
  const roles = { api: 'api', 'worker-1': work, 'worker-2': work, background: 'schedule,relay' };
  const parts: (Part & { url: string })[] = [];
  for (const [role, what] of Object.entries(roles)) {
    const port = await portNear(role === 'api' ? USUAL_PORT : 0);
    const url = `http://127.0.0.1:${port}`;
    const main = around.stub && role.startsWith('worker-') ? ['stack', 'stub', 'main.js'] : ['src', 'main.js'];
    const env = environment(around, port, what);
    const command = { command: process.execPath, args: [join(ROOT, 'dist', ...main)] };
    parts.push({ role, url, ...command, env, readyUrl: `${url}/health/ready` });
  }
  return parts;
}

/** On top of `.env` and of the environment, which the processes read as any of roadstream does. */
function environment(around: Surroundings, port: number, roles: string): NodeJS.ProcessEnv {
  const { given, redis, originHost, camerasFile, stub } = around;
  const allowed = [given['OUTBOUND_ALLOW'] ?? '', originHost].filter((rule) => rule !== '');
  return {
    ROLES: roles,
    HOST: '127.0.0.1',
    PORT: String(port),
    REDIS_URL: redis,
    LOG_PRETTY: 'false',
    OUTBOUND_ALLOW: allowed.join(','),
    ARTIFACTS_DIR: given['ARTIFACTS_DIR'] ?? join(STACK_FOLDER, 'artifacts'),
    CAMERAS_FILE: given['CAMERAS_FILE'] ?? camerasFile,
    ...(stub ? { MAX_CONCURRENCY: STUB_SLOTS } : {}),
  };
}
