import { describe, expect, it } from '@jest/globals';
import type { Deployment } from 'kubernetes-types/apps/v1.js';
import { ROLES } from '../../src/config/env.forms.js';
import { DEFAULTS, NAMES } from '../../src/config/table/table.js';
import { checkFields } from './check-fields.js';
import { containerOf, manifestsIn, ofKind, podOf, readManifests, settingsOf, type Manifest } from './manifests.js';
import { ROOT } from './rules-file.js';
import { itWith, ran } from './tools.js';

const manifests = readManifests();
const deployments = ofKind(manifests, 'Deployment');
const settings = settingsOf(manifests);

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
