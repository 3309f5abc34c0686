import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LiveOrigin } from '../../demo/live-origin.js';
import { startCameras } from '../../bench/soak/stage.js';
import { Field } from '../chaos/field.js';
import { FakeSwift } from '../support/fake-swift.js';
import { startGeminiServer, type GeminiServer } from '../support/gemini-server/gemini-server.js';
import { HlsMedia } from '../support/hls-media.js';
import { HlsOrigin } from '../support/hls-origin.js';
import { SegmentMedia } from '../support/segment-media.js';
import { GROUP } from '../support/test-engine.js';

/** s */
export const VISIBILITY_SECONDS = 10;
/** Entries that were acknowledged stay for so long, so that what Redis holds does not grow by design. s */
export const RETENTION_SECONDS = 10;
/** A job's second attempt may meet the next outage: none is set aside for what the soak does to it. */
const MANY_RETRIES = '20';
const CONTAINER = 'soak';

/** The streams of the second kind of job, in the slot of none of the others. */
export const ASSESS = { stream: 'assess', high: 'assess:high', dlq: 'assess:dlq', results: 'assess:results' };

/** All that the workers of a soak have around them. */
export class Stage {
  private constructor(
    readonly field: Field,
    readonly swift: FakeSwift,
    readonly roads: LiveOrigin,
    readonly troubled: HlsOrigin,
    readonly gemini: GeminiServer,
    readonly segments: SegmentMedia,
    /** For the workers' temporary files. */
    readonly temporary: string,
  ) {}

  static async set(): Promise<Stage> {
    const roads = await startCameras();
    const troubled = await HlsOrigin.start(await HlsMedia.make(['vod']));
    const segments = await SegmentMedia.make();
    await segments.makeSmall();
    const field = await Field.prepare();
    const temporary = join(field.directory, 'tmp');
    await mkdir(temporary);
    return new Stage(field, await FakeSwift.start(), roads, troubled, await startGeminiServer(), segments, temporary);
  }

  /** Of a worker. */
  environment(): Record<string, string> {
    const { streams, proxy } = this.field;
    const account = this.swift.settings(CONTAINER);
    return {
      REDIS_URL: `redis://127.0.0.1:${proxy.port}`,
      REDIS_STREAM: streams.stream,
      REDIS_STREAM_HIGH: streams.high,
      REDIS_DLQ_STREAM: streams.dlq,
      RESULTS_STREAM: streams.results,
      REDIS_GROUP: GROUP,
      ASSESS_GROUP: GROUP,
      ASSESS_STREAM: ASSESS.stream,
      ASSESS_STREAM_HIGH: ASSESS.high,
      ASSESS_DLQ_STREAM: ASSESS.dlq,
      ASSESS_RESULTS_STREAM: ASSESS.results,
      REDIS_VISIBILITY_TIMEOUT: String(VISIBILITY_SECONDS),
      REDIS_STREAM_RETENTION_HOURS: String(RETENTION_SECONDS / 3_600),
      REDIS_MAX_RETRY: MANY_RETRIES,
      RETRY_BASE_SECONDS: '0.5',
      CAMERA_DOWN_RETRY_SECONDS: '1',
      CAMERA_DOWN_GIVE_UP_SECONDS: '20',
      SHUTDOWN_GRACE_SECONDS: '10',
      OUTBOUND_ALLOW: `${this.roads.host},127.0.0.1:${this.troubled.port}`,
      OS_AUTH_URL: account.authUrl,
      OS_USERNAME: account.username,
      OS_PASSWORD: account.password,
      OS_PROJECT_NAME: account.projectName,
      SWIFT_CONTAINER: CONTAINER,
      GEMINI_API_KEY: 'test-key',
      GEMINI_BASE_URL: this.gemini.url,
      GEMINI_RPM: '100000',
      GEMINI_RPD: '10000000',
      GEMINI_TPM: '1000000000',
      // Its own jobs would come to an end that nobody counts.
      ASSESS_ON: 'never',
      SEGMENTS_DIR: this.segments.folder,
      SEGMENT_STABLE_SECONDS: '0.1',
      TMPDIR: this.temporary,
      // A job that is put off is told of at this level.
      LOG_LEVEL: 'debug',
    };
  }

  /** Whether a stored set of artifacts has its last file. @param folder as results name it */
  isSealed(folder: string): boolean {
    return this.swift.objects.has(`${CONTAINER}/${folder}process_meta.json`);
  }

  /** Temporary files and folders of the workers. */
  async leftovers(): Promise<string[]> {
    return readdir(this.temporary);
  }

  async clear(): Promise<void> {
    await this.troubled.stop();
    await this.troubled.media.remove();
    await this.roads.close();
    await this.gemini.close();
    await this.swift.stop();
    await this.segments.remove();
    await this.field.clear();
  }
}
