import { Redis } from 'ioredis';

/** What Redis says of itself. */
export class Gauge {
  private readonly redis: Redis;

  constructor(url: string) {
    this.redis = new Redis(url, { protocol: 2 });
  }

  /** `used_memory`, bytes. */
  async memory(): Promise<number> {
    return numberIn(await this.redis.info('memory'), 'used_memory');
  }

  /** CPU that it used so far, ms. */
  async cpuMs(): Promise<number> {
    const cpu = await this.redis.info('cpu');
    return (numberIn(cpu, 'used_cpu_user') + numberIn(cpu, 'used_cpu_sys')) * 1_000;
  }

  /** Memory of one stream, all of it counted; bytes. */
  async memoryOf(stream: string): Promise<number> {
    return (await this.redis.memory('USAGE', stream, 'SAMPLES', 0)) ?? 0;
  }

  async close(): Promise<void> {
    await this.redis.quit();
  }
}

function numberIn(info: string, name: string): number {
  return Number(new RegExp(`^${name}:([0-9.]+)`, 'm').exec(info)?.[1] ?? NaN);
}
