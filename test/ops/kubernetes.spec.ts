import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Deployment } from 'kubernetes-types/apps/v1.js';
import type { PodSpec } from 'kubernetes-types/core/v1.js';
import { ROLES } from '../../src/config/env.forms.js';
import { DEFAULTS, NAMES } from '../../src/config/table/table.js';
import { HostNames } from '../../src/http/host-names.js';
import { Service } from '../support/service.js';
import { useFolder } from '../support/use-folder.js';
import { useRedis } from '../support/use-redis.js';
import { checkFields } from './check-fields.js';
import { manifestsIn, ofKind, readManifests, settingsOf, type Manifest } from './manifests.js';
import type { ScaledObject } from './manifest-types.js';
import { ROOT } from './rules-file.js';
import { itWith, ran } from './tools.js';

const STREAM = 'stream:preprocess';
const TOKEN = 'a-viewers-token-of-the-scaler';
/** Of that token. */
const SHA256 = createHash('sha256').update(TOKEN).digest('hex');

const manifests = readManifests();
const deployments = ofKind(manifests, 'Deployment');
const settings = settingsOf(manifests);
const podOf = ({ spec }: Deployment): PodSpec => spec?.template.spec as PodSpec;
const containerOf = (deployment: Deployment) => podOf(deployment).containers[0];

/** What has to be an object's labels so that it is selected. */
const labelsOf = ({ spec }: Deployment): string => JSON.stringify(spec?.template.metadata?.labels);

describe('the manifests for Kubernetes', () => {
  it('have only fields that Kubernetes, kustomize and KEDA know, of the right type', () => {
    expect(checkFields(manifests)).toEqual([]);
    expect(manifests.length).toBeGreaterThan(15);
  }, 120_000);

  it('would not pass with a slip in a name, a wrong type, or a kind that nobody checks', () => {
    const [good] = manifests.filter(({ kind, isPatch }) => kind === 'Deployment' && !isPatch) as [Manifest];
    const changed = (from: string, to: string): Manifest => ({
      ...good,
      object: JSON.parse(JSON.stringify(good.object).replace(from, to)) as unknown,
    });
    expect(checkFields([changed('"terminationGracePeriodSeconds"', '"terminationGracePeriod"')])).toHaveLength(1);
    expect(checkFields([changed('"periodSeconds":2', '"periodSeconds":"2"')])).toHaveLength(1);
    expect(checkFields([{ ...good, kind: 'DaemonSet' }])).toHaveLength(1);
  }, 120_000);

  it('name settings and roles of the product only', () => {
    const inContainers = deployments.flatMap((one) => containerOf(one)?.env ?? []);
    const named = [...Object.keys(settings), ...inContainers.map(({ name }) => name)];
    expect(named.filter((name) => !(NAMES as readonly string[]).includes(name))).toEqual([]);
    const roles = inContainers.filter(({ name }) => name === 'ROLES').flatMap(({ value = '' }) => value.split(','));
    expect(roles.filter((role) => !(ROLES as readonly string[]).includes(role))).toEqual([]);
    const everyRole = ['api', ...DEFAULTS.ROLES.split(',')];
    const api = JSON.stringify(manifests.filter(({ isPatch }) => isPatch)).includes('"name":"ROLES","value":"api"');
    expect([...roles, ...(api ? ['api'] : [])].sort()).toEqual(everyRole.sort());
  });

  it.each(deployments)('let $metadata.name run in a namespace that enforces restricted pods', (deployment) => {
    const pod = podOf(deployment);
    const { securityContext: ofPod, volumes = [] } = pod;
    expect(ofPod).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect([pod.hostNetwork, pod.hostPID, pod.hostIPC]).toEqual([undefined, undefined, undefined]);
    expect(pod.automountServiceAccountToken).toBe(false);
    for (const { securityContext, ports = [] } of pod.containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(ports.filter(({ hostPort }) => hostPort !== undefined)).toEqual([]);
    }
    const allowed = ['configMap', 'secret', 'emptyDir', 'persistentVolumeClaim', 'projected'];
    const kinds = volumes.flatMap((volume) => Object.keys(volume)).filter((key) => key !== 'name');
    expect(kinds.filter((kind) => !allowed.includes(kind))).toEqual([]);
  });

  it.each(deployments)('give $metadata.name longer to stop than it takes to hand its jobs back', (deployment) => {
    const graceSeconds = Number(settings['SHUTDOWN_GRACE_SECONDS']);
    expect(podOf(deployment).terminationGracePeriodSeconds).toBeGreaterThanOrEqual(graceSeconds + 10);
  });

  it('send calls to one deployment, and let nodes be emptied one pod of each at a time', () => {
    const services = ofKind(manifests, 'Service');
    const chosen = services.map(({ spec }) =>
      deployments.filter((one) => labelsOf(one) === JSON.stringify(spec?.selector)),
    );
    expect(chosen.map((those) => those.map(({ metadata }) => metadata?.name))).toEqual([['roadstream']]);
    const budgets = ofKind(manifests, 'PodDisruptionBudget');
    const guarded = budgets.map(({ spec }) => {
      expect(spec?.maxUnavailable).toBe(1);
      return deployments.find((one) => labelsOf(one) === JSON.stringify(spec?.selector?.matchLabels))?.metadata?.name;
    });
    expect(guarded.sort()).toEqual(deployments.map(({ metadata }) => metadata?.name).sort());
    for (const one of deployments) expect(JSON.stringify(one.spec?.selector.matchLabels)).toBe(labelsOf(one));
  });
});

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

describe('kustomize', () => {
  const withKubectl = itWith('kubectl', 'kubernetes-client of Debian 13');

  withKubectl.each(['single', 'keda'])(
    'makes of the overlay %s whole manifests, patches and namespace included',
    (name) => {
      const { ok, said } = ran('kubectl', 'kustomize', `${ROOT}ops/kubernetes/overlays/${name}`);
      expect([ok, said]).toEqual([true, expect.any(String)]);
      const objects = manifestsIn(said);
      expect(checkFields(objects.filter(({ kind }) => kind !== 'ConfigMap'))).toEqual([]);
      const spaces = objects.map(
        ({ kind, object }) => kind === 'Namespace' || (object as Deployment).metadata?.namespace,
      );
      expect(spaces.every((space) => space === true || space === 'roadstream')).toBe(true);
      const [main] = ofKind(objects, 'Deployment').filter(({ metadata }) => metadata?.name === 'roadstream') as [
        Deployment,
      ];
      const roles = containerOf(main)?.env?.find((variable) => variable.name === 'ROLES')?.value;
      expect([main.spec?.strategy?.type, roles]).toEqual(
        name === 'single' ? ['Recreate', undefined] : [undefined, 'api'],
      );
      // A change of the settings starts processes anew, since their name changes.
      for (const one of ofKind(objects, 'Deployment'))
        expect(containerOf(one)?.envFrom?.[0]?.configMapRef?.name).toMatch(/^roadstream-settings-\w+$/);
    },
  );
});
