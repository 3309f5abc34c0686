import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULTS } from '../../src/config/table/table.js';
import { HostNames } from '../../src/http/host-names.js';
import { Service } from '../support/service.js';
import { useFolder } from '../support/use-folder.js';
import { useRedis } from '../support/use-redis.js';
import { containerOf, ofKind, readManifests, settingsOf } from './manifests.js';
import type { ScaledObject } from './manifest-types.js';

const STREAM = 'stream:preprocess';
const TOKEN = 'a-viewers-token-of-the-scaler';
/** Of that token. */
const SHA256 = createHash('sha256').update(TOKEN).digest('hex');

const manifests = readManifests();
const deployments = ofKind(manifests, 'Deployment');
const settings = settingsOf(manifests);

describe('the service, set up as the manifests do', () => {
  const { server, redis } = useRedis({ endFirst: () => service.stop() });
  const folder = useFolder('kubernetes', 'suite');
  let service: Service;

  beforeAll(async () => {
    await writeFile(folder.at('cameras.json'), JSON.stringify({ cameras: [] }));
    const tokens = [{ name: 'keda', role: 'viewer', sha256: SHA256 }];
    await writeFile(folder.at('tokens.json'), JSON.stringify({ tokens }));
    const here = (value: string): string =>
      value.replace('/etc/roadstream', folder.path).replace(/^\/data/, folder.path);
    const environment = Object.entries(settings).map(([name, value]) => [name, here(value)] as const);
    service = await Service.start({
      ...(Object.fromEntries(environment) as Record<string, string>),
      REDIS_URL: server.url,
      ROLES: 'api',
    });
  }, 90_000);

  it('answers the probes, on the port that is named', async () => {
    for (const deployment of deployments) {
      const { ports, startupProbe, livenessProbe, readinessProbe } = containerOf(deployment) ?? {};
      expect(ports).toEqual([{ name: 'http', containerPort: DEFAULTS.PORT }]);
      for (const probe of [startupProbe, livenessProbe, readinessProbe]) {
        expect(probe?.httpGet?.port).toBe('http');
        expect([probe?.httpGet?.path, (await fetch(service.url + String(probe?.httpGet?.path))).status]).toEqual([
          expect.stringMatching(/^\/health\/(live|ready)$/),
          200,
        ]);
      }
    }
  });

  const scalers = ofKind(manifests, 'ScaledObject');

  /** What KEDA reads, and so many workers it wants: none while nothing is there to do. */
  async function workersFor({ spec }: ScaledObject): Promise<number> {
    const [trigger] = spec.triggers;
    const { url = '', valueLocation = '', targetValue = '' } = trigger?.metadata ?? {};
    const authorization = `Bearer ${TOKEN}`;
    const answer = await service.json(new URL(url).pathname, { headers: { authorization } });
    const value = (answer as Record<string, unknown>)[valueLocation];
    expect([url, value]).toEqual([url, expect.any(Number)]);
    return Math.max(
      spec.minReplicaCount,
      Math.min(spec.maxReplicaCount, Math.ceil(Number(value) / Number(targetValue))),
    );
  }

  it('is asked by KEDA at an address that exists, by a name that it knows, with a token', async () => {
    expect(scalers.map(({ spec }) => spec.scaleTargetRef.name)).toEqual(['roadstream-inspect', 'roadstream-assess']);
    const names = deployments.map(({ metadata }) => metadata?.name);
    const tokens = ofKind(manifests, 'TriggerAuthentication').map(({ metadata }) => metadata.name);
    for (const { spec } of scalers) {
      expect(names).toContain(spec.scaleTargetRef.name);
      for (const { metadata, authenticationRef } of spec.triggers) {
        const { hostname, port, pathname } = new URL(metadata.url);
        expect([hostname, port]).toEqual(['roadstream.roadstream.svc', String(DEFAULTS.PORT)]);
        expect(new HostNames([]).knows(hostname)).toBe(true);
        expect(tokens).toContain(authenticationRef.name);
        expect((await fetch(service.url + pathname)).status).toBe(401);
      }
    }
    expect(scalers.map(({ spec }) => spec.triggers[0]?.metadata.targetValue)).toEqual([
      settings['MAX_CONCURRENCY'],
      String(DEFAULTS.ASSESS_CONCURRENCY),
    ]);
  });

  it('makes KEDA start workers for what is there to do, what waits for a retry included, and none for nothing', async () => {
    const [inspect] = scalers as [ScaledObject];
    const scaler = { ...inspect, spec: { ...inspect.spec, minReplicaCount: 0 } };
    const wanted = [await workersFor(scaler)];
    await redis.xgroup('CREATE', STREAM, 'workers', '0', 'MKSTREAM');
    const ids: string[] = [];
    for (const count of [1, 4]) {
      for (let i = 0; i < count; i += 1) ids.push(String(await redis.xadd(STREAM, '*', 'cctvId', 'cam')));
      wanted.push(await workersFor(scaler));
    }
    // A worker that is scaled down gives its jobs back: they are pending, not undelivered.
    await redis.xreadgroup('GROUP', 'workers', 'waiting', 'COUNT', 5, 'STREAMS', STREAM, '>');
    wanted.push(await workersFor(scaler));
    await redis.xack(STREAM, 'workers', ...ids.slice(1));
    wanted.push(await workersFor(scaler));
    await redis.xack(STREAM, 'workers', ids[0] as string);
    wanted.push(await workersFor(scaler));
    expect(wanted).toEqual([0, 1, 3, 3, 1, 0]);
  });
});
