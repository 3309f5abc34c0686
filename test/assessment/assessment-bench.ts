import { AnalysisCache } from '../../src/assessment/cache/analysis-cache.js';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderArtifactStore } from '../../src/artifacts/folder/folder.store.js';
import { AssessmentHandler } from '../../src/assessment/assessment.handler.js';
import { FootageMaker } from '../../src/assessment/segment/footage.js';
import { SegmentFolder } from '../../src/capture/segment/segment-folder.js';
import { Workspaces } from '../../src/assessment/segment/workspaces.js';
import { probeFfmpeg } from '../../src/capture/ffmpeg/ffmpeg-probe.js';
import { GuardedProxy } from '../../src/capture/proxy/guarded-proxy.js';
import { OutboundPolicy } from '../../src/outbound/outbound-policy.js';
import { parseOutboundRules } from '../../src/outbound/outbound-rules.js';
import { SEGMENT_BOUNDS } from '../../src/capture/segment/segment-bounds.js';
import { SegmentTools } from '../../src/capture/segment/segment-tools.js';
import type { JobHandler } from '../../src/job/handler.js';
import type { Outcome } from '../../src/job/outcome.js';
import { assemble, type Engine } from '../../src/worker/engine.js';
import { toFields } from '../../src/redis/fields.js';
import { SpreadWorker } from '../gemini/spread-bench.js';
import { eventually } from '../support/eventually.js';
import { startGeminiServer, type GeminiServer } from '../support/gemini-server/gemini-server.js';
import type { RedisServer } from '../support/redis-server.js';
import { silentEvents } from '../support/silent-events.js';
import { TEST_SETTINGS, testQueue, testStreams } from '../support/test-engine.js';

const KEY = { id: 'k1', project: 'p1', key: 'test-key', rpm: 1_000, tpm: 100_000_000, rpd: 10_000 };
const MAX_BYTES = 5_000_000;

/** What a test may change about a bench. */
export interface BenchOptions {
  /** As OUTBOUND_ALLOW. */
  readonly allow?: string;
  readonly maxBytes?: number;
  readonly language?: 'en' | 'ko';
}

/** How one run of a job ended. */
export interface Ended {
  /** Undefined when it could not be read. */
  readonly jobId: string | undefined;
  /** Of its stream entry. */
  readonly entryId: string;
  readonly outcome: Outcome;
}

/** Workers that judge, on a real Redis, with real files and ffmpeg; only Google is stood in for. */
export class AssessmentBench {
  readonly streams = testStreams();
  readonly ended: Ended[] = [];
  private readonly engines: Engine[] = [];
  private readonly spreads: SpreadWorker[] = [];

  private constructor(
    readonly redis: RedisServer,
    readonly server: GeminiServer,
    readonly root: string,
    private readonly proxy: GuardedProxy,
    private readonly tools: SegmentTools,
    private readonly options: BenchOptions,
  ) {}

  static async open(redis: RedisServer, options: BenchOptions = {}): Promise<AssessmentBench> {
    const root = await mkdtemp(join(tmpdir(), 'assessment-bench-'));
    const policy = new OutboundPolicy(parseOutboundRules(options.allow ?? ''));
    const proxy = new GuardedProxy(policy, { connectTimeoutMs: 2_000 });
    await proxy.listen();
    const { path } = await probeFfmpeg('ffmpeg');
    const bounds = { ...SEGMENT_BOUNDS, maxBytes: options.maxBytes ?? MAX_BYTES };
    const tools = new SegmentTools(proxy, policy, path, bounds);
    const keys = [{ key: KEY.key, project: KEY.project }];
    return new AssessmentBench(redis, await startGeminiServer({ keys }), root, proxy, tools, options);
  }

  get store(): FolderArtifactStore {
    return new FolderArtifactStore(join(this.root, 'artifacts'));
  }

  handler(segments: string): AssessmentHandler {
    const { maxBytes = MAX_BYTES, language = 'en' } = this.options;
    const spread = new SpreadWorker(this.redis.url, this.server, [KEY]);
    this.spreads.push(spread);
    const times = { stableMs: 50, limitMs: 600, giveUpAfterMs: 3_600_000 };
    const footage = new FootageMaker(new SegmentFolder(segments), this.store, this.tools, { ...times, maxBytes });
    const cache = new AnalysisCache(this.redis.client());
    return new AssessmentHandler(
      {
        ...{ prefix: 'preprocess/', videoModel: 'gemini-video', imageModel: 'gemini-image', language },
        ...{ longestRunMs: 60_000, zone: 'UTC', warn: () => undefined },
      },
      footage,
      spread.gemini,
      cache,
      this.store,
      new Workspaces(this.root),
    );
  }

  /** Starts one worker more. */
  async work(segments: string, handler: JobHandler = this.handler(segments)): Promise<Engine> {
    const queue = testQueue(this.redis.url, this.streams);
    const events = silentEvents({
      settled: ({ job, delivery }, outcome) =>
        void this.ended.push({ jobId: job?.jobId, entryId: delivery.sourceId, outcome }),
    });
    const engine = assemble(TEST_SETTINGS, queue, handler, events);
    this.engines.push(engine);
    engine.worker.start();
    return engine;
  }

  /** Puts a job and gives its entry's id. */
  async put(fields: Record<string, string>): Promise<string> {
    const flat = Object.entries(fields).flat();
    return String(await this.redis.client().xadd(this.streams.stream, '*', ...flat));
  }

  /** How a job's run ended, by the job's or its entry's name; its n-th, from 1. */
  async outcomeOf(name: string, nth = 1): Promise<Outcome> {
    const find = () => this.ended.filter(({ jobId, entryId }) => jobId === name || entryId === name)[nth - 1];
    return (await eventually(`run ${nth} of ${name} ends`, find, 25_000)).outcome;
  }

  /** Puts a job, waits until its first run has ended, and tells how: its outcome and code. */
  async ran(fields: Record<string, string>): Promise<string> {
    const outcome = await this.outcomeOf(await this.put(fields));
    return 'error' in outcome ? `${outcome.kind} ${outcome.error.code}` : outcome.kind;
  }

  /** What completed jobs published, oldest first. */
  async results(): Promise<Record<string, string>[]> {
    const entries = await this.redis.client().xrange(this.streams.results, '-', '+');
    return entries.map(([, flat]) => toFields(flat)).filter(({ outcome }) => outcome === 'completed');
  }

  /** Workspaces that are there now. */
  async workspaces(): Promise<string[]> {
    return (await readdir(this.root)).filter((name) => name.startsWith('roadstream-assess-'));
  }

  async close(): Promise<void> {
    for (const { worker } of this.engines) worker.quiet();
    await Promise.all(this.engines.map(({ worker }) => worker.drain()));
    await Promise.all(this.engines.map(({ queue }) => queue.close()));
    await Promise.all(this.spreads.map(({ gemini }) => gemini.close()));
    await this.proxy.close();
    await this.server.close();
    await rm(this.root, { recursive: true });
  }
}
