import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ROOT } from '../demo/places.js';
import { running } from '../demo/processes.js';
import { lead } from './leader.js';
import { ROLL_FILE, STACK_FOLDER, stackSet } from './places.js';
import { readStackFile } from './stack-file.js';

const LOG = join(STACK_FOLDER, 'logs', 'stack.log');
const LOOK_EVERY_MS = 200;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Starts the stack behind the terminal and says where it is. */
async function start(stub: boolean): Promise<number> {
  const other = running(stackSet());
  if (other) {
    say(`A stack is running already: ${other.url || 'it starts'} (process ${other.pid}). End it with: npm run stop`);
    return 1;
  }
  say('Starting the stack…');
  mkdirSync(join(STACK_FOLDER, 'logs'), { recursive: true });
  const log = openSync(LOG, 'w');
  const args = [join(import.meta.dirname, 'main.js'), '--lead', ...(stub ? ['--stub'] : [])];
  const leader = spawn(process.execPath, args, { cwd: ROOT, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  const ended = new Promise<'ended'>((resolve) => leader.once('exit', () => resolve('ended')));
  while (readStackFile() === undefined || running(stackSet())?.pid !== leader.pid) {
    if ((await Promise.race([after(LOOK_EVERY_MS), ended])) === 'ended') {
      say(`${readFileSync(LOG, 'utf8').trimEnd()}\nThe stack did not start. Logs: ${join(STACK_FOLDER, 'logs')}`);
      return 1;
    }
  }
  leader.unref();
  tell();
  return 0;
}

function tell(): void {
  const stack = readStackFile();
  if (stack === undefined) return;
  const lines = Object.entries(stack.roadstream).map(([role, url]) => [role, url]);
  const pages = [
    ['page', `${stack.api}/ui/`],
    ['calls', `${stack.api}/docs`],
    ['Redis', stack.redis],
    ['sample', stack.sample],
    ['Prometheus', stack.prometheus],
    ['Alertmanager', stack.alertmanager],
    ['redis_exporter', stack.redisExporter ?? 'not installed: no alerts on Redis itself'],
    ['Grafana', stack.grafana ?? 'not installed: dashboards are in ops/grafana'],
  ];
  for (const [name = '', where = ''] of [...lines, ...pages]) say(`  ${name.padEnd(15)} ${where}`);
  say(
    'Logs and process ids are in .stack/. Check it: npm run doctor -- --stack; under load: npm run check:load. End it: npm run stop',
  );
}

/** Restarts the workers one by one and waits for it. */
async function roll(): Promise<number> {
  const stack = running(stackSet());
  if (stack === undefined || readStackFile() === undefined) {
    say('No stack is up. Start it with: npm run stack');
    return 1;
  }
  const before = rolls().count;
  process.kill(stack.pid, 'SIGUSR2');
  while (rolls().count === before) {
    if (running(stackSet())?.pid !== stack.pid) throw new Error('The stack ended meanwhile.');
    await after(LOOK_EVERY_MS);
  }
  const { failure } = rolls();
  say(failure ?? 'Every worker was started anew.');
  return failure === null ? 0 : 1;
}

function rolls(): { count: number; failure: string | null } {
  if (!existsSync(ROLL_FILE)) return { count: 0, failure: null };
  return JSON.parse(readFileSync(ROLL_FILE, 'utf8')) as { count: number; failure: string | null };
}

const flag = { type: 'boolean', default: false } as const;
const { values } = parseArgs({ options: { lead: flag, foreground: flag, stub: flag, roll: flag } });
if (values.roll) process.exit(await roll());
process.exit(values.lead || values.foreground ? await lead(values.stub) : await start(values.stub));
