import { assessmentKind } from './assessment/assessment.kind.js';
import type { Config } from './config/config.js';
import { inspectionKind } from './inspection/inspection.kind.js';
import type { KindSpec } from './job/kind.js';
import type { EnginePlan } from './worker/engine.module.js';

/** A kind of job as it is listed: what it is called, what it is, and the module that exports its handler. */
export interface Kind {
  readonly kind: string;
  readonly spec: (config: Config) => KindSpec;
  /** Loaded only where such jobs run: the tools start faster without. */
  readonly load: () => Promise<EnginePlan['module']>;
}

/** Every kind of job there is. Calls that name none mean the first. */
export const KINDS: readonly Kind[] = [
  {
    kind: 'inspection',
    spec: inspectionKind,
    load: async () => (await import('./inspection/inspection.module.js')).InspectionModule,
  },
  {
    kind: 'assessment',
    spec: assessmentKind,
    load: async () => (await import('./assessment/assessment.module.js')).AssessmentModule,
  },
];

/** The kinds as this configuration has them. */
export function specsOf(config: Config, kinds: readonly Kind[] = KINDS): KindSpec[] {
  return kinds.map(({ spec }) => spec(config));
}
