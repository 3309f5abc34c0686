import { AnalysisCache } from './cache/analysis-cache.js';
import { Module } from '@nestjs/common';
import { ArtifactStore } from '../artifacts/artifact-store.js';
import { ArtifactsModule } from '../artifacts/artifacts.module.js';
import { CaptureModule } from '../capture/capture.module.js';
import { SegmentTools } from '../capture/segment/segment-tools.js';
import { Config } from '../config/config.js';
import { Gemini } from '../gemini/gemini.js';
import { GeminiModule } from '../gemini/gemini.module.js';
import { Clock } from '../lib/clock.js';
import { messageOf } from '../job/errors.js';
import { JobHandler } from '../job/handler.js';
import { redactText } from '../lib/redact.js';
import { JobNotes } from '../ledger/job-notes.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { NotingHandler } from '../ledger/noting-handler.js';
import { LOG, type Log } from '../log/log.js';
import { SharedLinks } from '../redis/redis.module.js';
import { AssessmentHandler } from './assessment.handler.js';
import { FootageMaker } from './segment/footage.js';
import { SegmentFolder } from '../capture/segment/segment-folder.js';
import { Workspaces } from './segment/workspaces.js';

/** The right to judge outlasts the latest end of a run by so much. ms */
const BEYOND_TIMEOUT_MS = 60_000;
/** So many times the longest wait may a job be old while its file still grows, beside the length of a recording. */
const WAITS_BEFORE_GIVING_UP = 10;

/** What an assessment job is. */
@Module({
  imports: [CaptureModule, ArtifactsModule, GeminiModule, LedgerModule],
  providers: [
    {
      provide: AnalysisCache,
      inject: [SharedLinks],
      useFactory: ({ patient }: SharedLinks) => new AnalysisCache(patient.connection),
    },
    { provide: Workspaces, inject: [LOG], useFactory: openWorkspaces },
    { provide: FootageMaker, inject: [Config, ArtifactStore, SegmentTools, Clock], useFactory: footageMaker },
    {
      provide: JobHandler,
      inject: [Config, FootageMaker, Gemini, AnalysisCache, ArtifactStore, Workspaces, JobNotes, LOG, Clock],
      useFactory: handler,
    },
  ],
  exports: [JobHandler],
})
export class AssessmentModule {}

async function openWorkspaces(log: Log): Promise<Workspaces> {
  const workspaces = new Workspaces(undefined, {
    lost: (why) => log.error({ reason: redactText(why) }, 'temporary files cannot be written; assessments wait'),
    back: (afterMs) => log.info({ afterMs }, 'temporary files can be written again; going on'),
  });
  await workspaces.sweep().catch((error: unknown) => {
    log.warn({ reason: redactText(messageOf(error)) }, 'temporary files of earlier runs could not be removed');
  });
  return workspaces;
}

function footageMaker({ segments }: Config, store: ArtifactStore, tools: SegmentTools, clock: Clock): FootageMaker {
  const { stableMs, stableLimitMs: limitMs, lengthMs, maxBytes } = segments;
  const giveUpAfterMs = WAITS_BEFORE_GIVING_UP * limitMs + lengthMs;
  const settings = { stableMs, limitMs, giveUpAfterMs, maxBytes, clock };
  return new FootageMaker(new SegmentFolder(segments.directory), store, tools, settings);
}

function handler(
  config: Config,
  footage: FootageMaker,
  gemini: Gemini,
  cache: AnalysisCache,
  store: ArtifactStore,
  workspaces: Workspaces,
  notes: JobNotes,
  log: Log,
  clock: Clock,
): JobHandler {
  const { videoModel, imageModel, language } = config.gemini;
  const settings = {
    ...{ prefix: config.storage.prefix, videoModel, imageModel, language, zone: config.queue.timeZone },
    longestRunMs: config.assessment.jobTimeoutMs + BEYOND_TIMEOUT_MS,
    warn: (warning: string) => log.warn(warning),
    clock,
  };
  return new NotingHandler(new AssessmentHandler(settings, footage, gemini, cache, store, workspaces), notes);
}
