import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkerStatusDto } from '../../src/worker/api/status.dto.js';
import { eventually } from './eventually.js';
import { freePort } from './redis-server.js';

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));

/** A program and its arguments. */
export type Command = readonly [string, ...string[]];

/** It loads libraries and a model first, which takes a busy machine its time. ms */
const READY_WITHIN_MS = 60_000;

/** How the process of a service differs from what its users start. */
export interface ServiceProcess {
  /** The program; the service's own if left out. */
  main?: string;
  /** Makes of the command another one, which runs it and becomes it. */
  under?: (program: Command) => Command;
  /** With a channel over which the two processes exchange messages. */
  ipc?: boolean;
}

/** The whole service as its users run it: a process of its own, set up by environment variables. */
export class Service {
  /** All that it wrote to standard output and standard error. */
  output = '';
  private readonly exited: Promise<unknown>;

  private constructor(
    readonly process: ChildProcess,
    readonly url: string,
    readonly directory: string,
  ) {
    process.stdout?.on('data', (chunk) => (this.output += String(chunk)));
    process.stderr?.on('data', (chunk) => (this.output += String(chunk)));
    this.exited = once(process, 'exit');
  }

  /** Starts it and does not wait. */
  static async launch(environment: Record<string, string>, options: ServiceProcess = {}): Promise<Service> {
    const { main = MAIN, under = (program: Command) => program, ipc = false } = options;
    const directory = await mkdtemp(join(tmpdir(), 'roadstream-service-'));
    const port = Number(environment['PORT'] ?? (await freePort()));
    const env = {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: String(port),
      ARTIFACTS_DIR: join(directory, 'artifacts'),
      LOG_LEVEL: 'debug',
      LOG_PRETTY: 'false',
      ...environment,
    };
    const [command, ...args] = under([process.execPath, main]);
    const stdio = ['ignore', 'pipe', 'pipe', ...(ipc ? ['ipc' as const] : [])] as const;
    const child = spawn(command, args, { cwd: directory, env, stdio: [...stdio] });
    return new Service(child, `http://127.0.0.1:${port}`, directory);
  }

  /** Starts it and waits until it is ready for jobs. */
  static async start(environment: Record<string, string>, options: ServiceProcess = {}): Promise<Service> {
    const service = await Service.launch(environment, options);
    try {
      await eventually('the service is ready', () => service.isReady(), READY_WITHIN_MS);
    } catch (error) {
      // Nobody else knows it: it would outlive the tests, and they would wait for it.
      if (service.isAlive) await service.stop('SIGKILL');
      throw new Error(`The service did not become ready: ${service.output}`, { cause: error });
    }
    return service;
  }

  get artifacts(): string {
    return join(this.directory, 'artifacts');
  }

  get isAlive(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  async status(): Promise<WorkerStatusDto> {
    return (await this.json('/worker/status')) as WorkerStatusDto;
  }

  async json(path: string, init?: RequestInit): Promise<unknown> {
    return (await fetch(this.url + path, init)).json();
  }

  /** A metric by its name, and by as many of its labels as are given; the sum of all that have them. */
  async metric(series: string): Promise<number | undefined> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const [name = '', labels = []] = partsOf(series);
    const found = text.split('\n').flatMap((line) => {
      const [seen, seenLabels = [], value] = partsOf(line);
      return seen === name && labels.every((label) => seenLabels.includes(label)) ? [Number(value)] : [];
    });
    return found.length === 0 ? undefined : found.reduce((sum, value) => sum + value);
  }

  /** Ends it and gives its exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.process.kill(signal);
    return this.end();
  }

  /** Waits for its end and gives its exit code. */
  async end(): Promise<number | null> {
    await this.exited;
    await rm(this.directory, { recursive: true, force: true });
    return this.process.exitCode;
  }

  async isReady(): Promise<boolean> {
    if (!this.isAlive) throw new Error('The service ended.');
    const answer = await fetch(`${this.url}/health/ready`).catch(() => undefined);
    return answer?.ok === true;
  }
}

/** `name{label="x",other="y"} value`; no label of ours holds a comma. */
function partsOf(line: string): [name?: string, labels?: string[], value?: string] {
  const [, name = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})?(?: (\S+))?$/.exec(line) ?? [];
  return [name, labels === '' ? [] : labels.split(','), value];
}
