import { assessmentKind } from './assessment/assessment.kind.js';
import type { Cameras } from './cameras/camera.js';
import type { Config } from './config/config.js';
import { inspectionKind } from './inspection/inspection.kind.js';
import type { JobIntake } from './job/intake.js';
import type { KindSpec } from './job/kind.js';
import type { Clock } from './lib/clock.js';
import { webhookKind } from './webhooks/webhook.kind.js';
import type { EnginePlan } from './worker/engine.module.js';

/** What jobs are checked against before they are queued, beside the settings. */
export interface IntakeNeeds {
  readonly cameras: Cameras;
  readonly clock: Clock;
}

/** A kind of job as it is listed: what it is called, what it is, and the module that exports its handler. */
export interface Kind {
  readonly kind: string;
  readonly spec: (config: Config) => KindSpec;
  /** Whether there are such jobs by these settings; always if left out. */
  readonly isThere?: (config: Config) => boolean;
  /** Loaded only where such jobs run: the tools start faster without. */
  readonly load: () => Promise<EnginePlan['module']>;
  /** How such jobs are taken over HTTP; without it they are not. Loaded only where they are. */
  readonly intake?: () => Promise<(config: Config, known: IntakeNeeds) => JobIntake>;
}

/** Every kind of job there is. Calls that name none mean the first. */
export const KINDS: readonly Kind[] = [
  {
    kind: 'inspection',
    spec: inspectionKind,
    load: async () => (await import('./inspection/inspection.module.js')).InspectionModule,
    intake: async () => (await import('./inspection/inspection.intake.js')).inspectionIntake,
  },
  {
    kind: 'assessment',
    spec: assessmentKind,
    load: async () => (await import('./assessment/assessment.module.js')).AssessmentModule,
    intake: async () => (await import('./assessment/assessment.intake.js')).assessmentIntake,
  },
  {
    kind: 'webhook',
    spec: webhookKind,
    isThere: ({ webhooks }) => webhooks.isOn,
    load: async () => (await import('./webhooks/webhook.module.js')).WebhookModule,
  },
];

/** The kinds of which there are jobs by these settings. */
export function kindsIn(config: Config, kinds: readonly Kind[]): readonly Kind[] {
  return kinds.filter(({ isThere }) => isThere?.(config) ?? true);
}

/** The kinds as this configuration has them. */
export function specsOf(config: Config, kinds: readonly Kind[] = KINDS): KindSpec[] {
  return kindsIn(config, kinds).map(({ spec }) => spec(config));
}
