import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** How kcat says where its cluster listens. */
const SERVERS = /bootstrap\.servers=(\S+?)\s/;

/**
 * A broker of librdkafka's: its mock cluster, within a `kcat` that consumes from it. It speaks the real protocol as of
 * Kafka 2: groups with rebalances and commits, 4 partitions a topic, topics made when first named. It keeps all in memory,
 * and knows neither TLS nor SASL: see `KafkaFront`.
 */
export class MockCluster {
  private constructor(
    private readonly kcat: ChildProcess,
    /** The port of its one broker on this machine. */
    readonly port: number,
  ) {}

  static async start(): Promise<MockCluster> {
    // The broker that it is told to ask is never asked.
    const args = ['-b', 'unused:1', '-X', 'test.mock.num.brokers=1', '-d', 'mock', '-C', '-q', '-t', 'unused'];
    const kcat = spawn('kcat', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    const port = await new Promise<number>((resolve, reject) => {
      kcat.once('error', reject);
      kcat.once('exit', () => reject(new Error(`kcat ended: ${said}`)));
      kcat.stderr.on('data', (chunk) => {
        // What it says later is only to be taken away.
        if (said.length < 10_000) said += String(chunk);
        const [, servers] = SERVERS.exec(said) ?? [];
        if (servers !== undefined) resolve(Number(servers.split(':')[1]));
      });
    });
    return new MockCluster(kcat, port);
  }

  async stop(): Promise<void> {
    if (this.kcat.exitCode !== null || this.kcat.signalCode !== null) return;
    const exited = once(this.kcat, 'exit');
    this.kcat.kill('SIGKILL');
    await exited;
  }
}
