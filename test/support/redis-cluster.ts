import type { Redis } from 'ioredis';
import { eventually } from './eventually.js';
import { freePort, RedisServer } from './redis-server.js';

const SLOTS = 16_384;

/** Three masters that share the slots. */
export class RedisCluster {
  private constructor(readonly nodes: readonly RedisServer[]) {}

  static async start(): Promise<RedisCluster> {
    const nodes = await Promise.all([startNode(), startNode(), startNode()]);
    const cluster = new RedisCluster(nodes.map(({ server }) => server));
    const clients = nodes.map(({ server }) => server.client());
    const share = Math.ceil(SLOTS / nodes.length);
    await Promise.all(
      clients.map((client, i) => client.cluster('ADDSLOTSRANGE', i * share, Math.min(SLOTS, (i + 1) * share) - 1)),
    );
    for (const { server, busPort } of nodes) {
      await clients[0]?.call('CLUSTER', 'MEET', '127.0.0.1', server.port, busPort);
    }
    await Promise.all(clients.map((client) => eventually('the cluster is whole', () => isWhole(client))));
    return cluster;
  }

  get url(): string {
    return `redis+cluster://${this.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`;
  }

  /** The node that holds a key. */
  async nodeOf(key: string): Promise<RedisServer> {
    for (const node of this.nodes) {
      const client = node.client();
      const isHere = await client.exists(key).then(
        () => true,
        () => false,
      );
      client.disconnect();
      if (isHere) return node;
    }
    throw new Error(`No node holds ${key}.`);
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }
}

/** Redis would listen for other nodes 10,000 ports further up, which may be beyond the last port. */
async function startNode(): Promise<{ server: RedisServer; busPort: number }> {
  const busPort = await freePort();
  const options = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort), '--cluster-node-timeout', '2000'];
  const persistence = ['--appendonly', 'yes', '--appendfsync', 'always'];
  return { server: await RedisServer.start(...options, ...persistence), busPort };
}

async function isWhole(client: Redis): Promise<boolean> {
  const info = await client.cluster('INFO');
  return info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3');
}
