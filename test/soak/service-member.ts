import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FleetMember } from '../chaos/fleet.js';
import { eventually } from '../support/eventually.js';
import { Service, type Command } from '../support/service.js';
import { outsideOf, type Inside, type Outside } from './census.js';

const PROBE = fileURLToPath(new URL('./probe.js', import.meta.url));
const withProbe = ([node, ...rest]: Command): Command => [node, '--expose-gc', '--import', PROBE, ...rest];
/** A busy machine starts a service slowly. ms */
const READY_WITHIN_MS = 120_000;

/** The whole service as a member of a fleet. */
export class ServiceMember implements FleetMember {
  readonly exited: Promise<unknown>;
  private readonly launched: Promise<Service>;
  private service: Service | undefined;

  constructor(
    readonly name: string,
    environment: Record<string, string>,
    onLine: (line: string) => void,
  ) {
    this.launched = Service.launch(environment, { under: withProbe, ipc: true }).then((service) => {
      createInterface({ input: service.process.stdout! }).on('line', onLine);
      return (this.service = service);
    });
    this.exited = this.launched.then((service) => service.end());
  }

  /** Where it answers over HTTP; undefined before it was started. */
  get url(): string | undefined {
    return this.service?.url;
  }

  /** All that it wrote; nothing before it was started. */
  get output(): string {
    return this.service?.output ?? '';
  }

  get isAlive(): boolean {
    return this.service?.isAlive === true;
  }

  async ready(): Promise<void> {
    const service = await this.launched;
    await eventually('the service is ready', () => service.isReady(), READY_WITHIN_MS);
  }

  signal(signal: NodeJS.Signals): void {
    void this.launched.then((service) => service.process.kill(signal));
  }

  async stop(): Promise<void> {
    this.signal('SIGTERM');
    await this.exited;
  }

  /** @throws when it has ended */
  async census(): Promise<Inside & Outside> {
    const { process } = await this.launched;
    const answer = once(process, 'message') as Promise<[Inside]>;
    process.send('look');
    const [inside] = await answer;
    return { ...inside, ...(await outsideOf(process.pid!)) };
  }
}
