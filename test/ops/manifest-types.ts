import type { HorizontalPodAutoscalerBehavior } from 'kubernetes-types/autoscaling/v2.js';
import type { ObjectMeta } from 'kubernetes-types/meta/v1.js';

/** A manifest of which a part is given, as in a patch. */
export type Part<T> = T extends readonly (infer U)[]
  ? Part<U>[]
  : T extends object
    ? { [K in keyof T]?: Part<T[K]> }
    : T;

/** What we use of a kustomization, by its reference. */
export interface Kustomization {
  apiVersion: 'kustomize.config.k8s.io/v1beta1';
  kind: 'Kustomization';
  namespace?: string;
  resources: string[];
  patches?: { path: string }[];
  configMapGenerator?: { name: string; literals: string[] }[];
}

/** What we use of KEDA's ScaledObject, by its reference; parameters are texts. */
export interface ScaledObject {
  apiVersion: 'keda.sh/v1alpha1';
  kind: 'ScaledObject';
  metadata: ObjectMeta;
  spec: {
    scaleTargetRef: { name: string };
    pollingInterval: number;
    cooldownPeriod: number;
    minReplicaCount: number;
    maxReplicaCount: number;
    fallback: { failureThreshold: number; replicas: number };
    advanced: { horizontalPodAutoscalerConfig: { behavior: HorizontalPodAutoscalerBehavior } };
    triggers: {
      type: 'metrics-api';
      metadata: { url: string; valueLocation: string; targetValue: string; authMode: 'bearer' };
      authenticationRef: { name: string };
    }[];
  };
}

/** What we use of KEDA's TriggerAuthentication. */
export interface TriggerAuthentication {
  apiVersion: 'keda.sh/v1alpha1';
  kind: 'TriggerAuthentication';
  metadata: ObjectMeta;
  spec: { secretTargetRef: { parameter: 'token'; name: string; key: string }[] };
}
