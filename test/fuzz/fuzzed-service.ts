import { randomUUID } from 'node:crypto';
import { ServiceMember } from '../soak/service-member.js';

/** Log lines that nobody planned for. */
const ALARMS = /unexpectedly|"UNEXPECTED"|unhandled|uncaught|MaxListenersExceeded|^\S*Error:/im;
/**
 * What a service may hold more after hundreds of odd inputs than after some of them: code that is compiled late, connections,
 * caches with a bound. A leak of a few kB per input is more.
 */
const HEAP_MAY_GROW_BYTES = 12e6;

/** The real service as a process of its own, under odd inputs. */
export class FuzzedService {
  private heapBefore = Infinity;

  private constructor(private readonly member: ServiceMember) {}

  static async start(environment: Record<string, string>): Promise<FuzzedService> {
    const member = new ServiceMember(randomUUID().slice(0, 8), environment, () => undefined);
    await member.ready();
    return new FuzzedService(member);
  }

  get url(): string {
    return this.member.url!;
  }

  /** From here on its heap is looked at: to be called when it is warm. */
  async markHeap(): Promise<void> {
    this.heapBefore = await this.heap();
  }

  /** What is wrong with it after all that; nothing is good. */
  async harm(): Promise<string[]> {
    if (!this.member.isAlive) return [`it died: ${this.member.output.slice(-2_000)}`];
    const alarms = this.member.output.split('\n').filter((line) => ALARMS.test(line));
    const grown = (await this.heap()) - this.heapBefore;
    return [...alarms.slice(0, 5), ...(grown > HEAP_MAY_GROW_BYTES ? [`its heap grew by ${grown} bytes`] : [])];
  }

  async stop(): Promise<void> {
    await this.member.stop();
  }

  private async heap(): Promise<number> {
    const { heapUsed, external } = await this.member.census();
    return heapUsed + external;
  }
}
