import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadAll } from 'js-yaml';
import type { Deployment } from 'kubernetes-types/apps/v1.js';
import type { Container, PodSpec, Service } from 'kubernetes-types/core/v1.js';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1.js';
import type { Kustomization, ScaledObject, TriggerAuthentication } from './manifest-types.js';
import { ROOT } from './rules-file.js';

/** An object as it stands in a file. */
export interface Manifest {
  /** Below the folder of manifests. */
  readonly file: string;
  readonly kind: string;
  readonly isPatch: boolean;
  readonly object: unknown;
}

const FOLDER = `${ROOT}ops/kubernetes`;

interface Kinds {
  Deployment: Deployment;
  Service: Service;
  PodDisruptionBudget: PodDisruptionBudget;
  ScaledObject: ScaledObject;
  TriggerAuthentication: TriggerAuthentication;
  Kustomization: Kustomization;
}

/** The objects of a kind among manifests, patches left out. */
export function ofKind<K extends keyof Kinds>(manifests: readonly Manifest[], kind: K): Kinds[K][] {
  const whole = manifests.filter((manifest) => manifest.kind === kind && !manifest.isPatch);
  return whole.map(({ object }) => object as Kinds[K]);
}

/** What a deployment's pods are. */
export function podOf({ spec }: Deployment): PodSpec {
  return spec?.template.spec as PodSpec;
}

/** The only container of such a pod. */
export function containerOf(deployment: Deployment): Container | undefined {
  return podOf(deployment).containers[0];
}

/** Every object in the files of the folder, kustomizations too. */
export function readManifests(): Manifest[] {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
  const patches = files.flatMap((file) => patchesOf(file));
  return files.flatMap((file) => objectsOf(file).map((object) => toManifest(file, object, patches.includes(file))));
}

/** The objects in a text of several documents. */
export function manifestsIn(text: string): Manifest[] {
  return loadAll(text).map((object) => toManifest('', object, false));
}

/** What the settings of the base say. */
export function settingsOf(manifests: readonly Manifest[]): Record<string, string> {
  const generated = ofKind(manifests, 'Kustomization').flatMap(({ configMapGenerator = [] }) => configMapGenerator);
  return Object.fromEntries(
    generated.flatMap(({ literals }) => literals.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string])),
  );
}

function patchesOf(file: string): string[] {
  if (!file.endsWith('kustomization.yaml')) return [];
  const [kustomization] = objectsOf(file) as Kustomization[];
  return (kustomization?.patches ?? []).map(({ path }) => join(dirname(file), path));
}

function objectsOf(file: string): unknown[] {
  return loadAll(readFileSync(join(FOLDER, file), 'utf8'));
}

function toManifest(file: string, object: unknown, isPatch: boolean): Manifest {
  return { file, kind: (object as { kind: string }).kind, isPatch, object };
}
