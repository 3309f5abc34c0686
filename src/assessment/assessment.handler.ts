import { randomUUID } from 'node:crypto';
import { ArtifactSet } from '../artifacts/artifact-set.js';
import { artifactFolder, ASSESSMENT_FILE } from '../artifacts/artifact-names.js';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { Gemini, Question } from '../gemini/gemini.js';
import type { Clock } from '../lib/clock.js';
import { RateLimitedError } from '../job/errors.js';
import { JobHandler, type Run } from '../job/handler.js';
import type { RawPayload } from '../job/payload.js';
import { unlessAborted } from '../lib/unless-aborted.js';
import { parseAssessmentJob, type AssessmentJob } from './assessment-job.js';
import { assessmentFile, assessmentResult, type Judged } from './assessment-result.js';
import { readAssessment } from './assessment.js';
import type { AnalysisCache } from './cache/analysis-cache.js';
import type { Analysis, AnalysisKey } from './cache/analysis.js';
import type { Footage, FootageMaker } from './segment/footage.js';
import { PROMPT_VERSION, PROMPTS, type Language } from './prompt/prompt.js';
import { answerSchema } from './schema.js';
import type { Workspaces } from './segment/workspaces.js';

/** What an assessment needs to know. */
export interface AssessmentSettings {
  /** In front of every artifact's name. */
  readonly prefix: string;
  readonly videoModel: string;
  readonly imageModel: string;
  /** Of the answer. */
  readonly language: Language;
  /** No run takes longer, ms: for so long nobody else judges the same. */
  readonly longestRunMs: number;
  /** The IANA zone for times in payloads that name none. */
  readonly zone: string;
  /** Told of what could be read only with an assumption. */
  readonly warn: (warning: string) => void;
  /** By which no job was queued later than now. */
  readonly clock?: Clock;
}

/** What a picture or one second of video costs at Gemini's default resolution. */
const TOKENS_PER_PICTURE = 258;
/** Larger pictures are cut into tiles. */
const TILES = 6;
/** The words of a question and of its answer. */
const TOKENS_OF_WORDS = 2_500;

/** While another run judges the same segment, its answer is looked for so often. ms */
const LOOK_AGAIN_MS = 10_000;

/** A job that Gemini judges: a recorded segment, or the picture of an inspection. */
export class AssessmentHandler extends JobHandler<AssessmentJob> {
  readonly kind = 'assessment';
  override readonly steps = ['wait', 'check', 'shrink', 'judge', 'artifacts'];

  constructor(
    private readonly settings: AssessmentSettings,
    private readonly footage: FootageMaker,
    private readonly gemini: Gemini,
    private readonly cache: AnalysisCache,
    private readonly store: ArtifactStore,
    private readonly workspaces: Workspaces,
  ) {
    super();
  }

  parse(payload: RawPayload, entryId: string): AssessmentJob {
    const { zone, warn, clock } = this.settings;
    return parseAssessmentJob(payload, { entryId, zone, warn, clock });
  }

  override heldBackBecause(): string | undefined {
    const until = this.gemini.shutUntil;
    const held = this.store.heldBackBecause() ?? this.workspaces.heldBackBecause();
    if (held !== undefined) return held;
    return until === undefined ? undefined : `No Gemini project has budget before ${new Date(until).toISOString()}.`;
  }

  async handle(job: AssessmentJob, run: Run): Promise<void> {
    // Nothing is paid for that could not be stored.
    await this.store.ensure();
    const judged = await this.judgeOnce(job, run);
    const folder = artifactFolder(this.settings.prefix, job);
    await run.step('artifacts', async () => {
      const seal = () => assessmentFile(judged, run, Date.now());
      const content = { files: [], sealFile: ASSESSMENT_FILE, seal };
      await new ArtifactSet(this.store, folder).put(content, run.signal);
    });
    run.publish(assessmentResult(judged, run, folder, Date.now()));
  }

  /** Looks into the cache before and after it got the right to judge: somebody may just have finished. */
  private async judgeOnce(job: AssessmentJob, run: Run): Promise<Judged> {
    const question = this.questionOf(job);
    const find = () => unlessAborted(this.cache.find(question), run.signal);
    const before = await find();
    if (before !== undefined) return { job, analysis: before, cached: true };
    return this.withRight(question, job, run.signal, async () => {
      const meanwhile = await find();
      if (meanwhile !== undefined) return { job, analysis: meanwhile, cached: true };
      const analysis = await this.analyse(job, run);
      // Before anything that may fail: what was paid for is not asked again.
      await unlessAborted(this.cache.keep(question, analysis), run.signal);
      return { job, analysis, cached: false };
    });
  }

  private async withRight<T>(
    question: AnalysisKey,
    { entryId }: AssessmentJob,
    signal: AbortSignal,
    work: () => Promise<T>,
  ): Promise<T> {
    const claimant = { entryId, runId: randomUUID() };
    const waitMs = await unlessAborted(this.cache.claim(question, claimant, this.settings.longestRunMs), signal);
    if (waitMs > 0) throw underway(waitMs);
    try {
      return await work();
    } finally {
      // Not waited for: it lapses by itself, and Redis may be away.
      void this.cache.release(question, claimant).catch(() => undefined);
    }
  }

  private analyse(job: AssessmentJob, run: Run): Promise<Analysis> {
    return this.workspaces.within(async (workspace) => {
      const footage = await this.footage.make(job, workspace, run);
      return run.step('judge', () => this.judge(job, footage, run));
    });
  }

  private async judge({ subject }: AssessmentJob, { media, seconds, facts }: Footage, run: Run): Promise<Analysis> {
    const { language } = this.settings;
    const prompts = PROMPTS[language];
    const isPicture = subject.kind === 'picture';
    const asked: Question = {
      model: this.modelFor(subject.kind),
      prompt: isPicture ? prompts.picture(subject.inspection) : prompts.video(seconds),
      schema: answerSchema(isPicture ? undefined : seconds),
      subject: media,
      tokensExpected: TOKENS_OF_WORDS + TOKENS_PER_PICTURE * (isPicture ? TILES : Math.ceil(seconds)),
    };
    const { value, tokens } = await this.gemini.ask(asked, run.signal, (name, work) => run.step(name, work));
    const assessment = readAssessment(value, seconds);
    const judgedAt = new Date().toISOString();
    return {
      ...{ assessment, seconds, source: facts, tokens, judgedAt },
      ...{ model: asked.model, language, promptVersion: PROMPT_VERSION },
    };
  }

  private questionOf({ cctvId, segmentStart, segmentEnd, subject }: AssessmentJob): AnalysisKey {
    const { language } = this.settings;
    return {
      ...{ cctvId, segmentStart, segmentEnd },
      picture: subject.kind === 'picture' ? subject.name : undefined,
      ...{ model: this.modelFor(subject.kind), language, promptVersion: PROMPT_VERSION },
    };
  }

  private modelFor(kind: AssessmentJob['subject']['kind']): string {
    return kind === 'picture' ? this.settings.imageModel : this.settings.videoModel;
  }
}

function underway(waitMs: number): RateLimitedError {
  const message = 'Another job of the same camera and segment is being judged; this one waits for its answer.';
  return new RateLimitedError('ASSESSMENT_UNDERWAY', message, Math.min(waitMs, LOOK_AGAIN_MS));
}
