import type { Config } from '../config/config.js';
import type { KindSpec } from '../job/kind.js';

/** Assessments: Gemini judges a recorded segment or a picture. */
export function assessmentKind({ assessment, gemini, roles }: Config): KindSpec {
  return {
    kind: 'assessment',
    runsHere: roles.assess,
    // Without a key for Gemini nothing ever comes to these streams.
    isUsed: gemini.keys.length > 0,
    queue: {
      lanes: [assessment.highStream, assessment.stream],
      dlq: assessment.dlqStream,
      results: assessment.resultsStream,
      group: assessment.group,
      variables: {
        stream: 'ASSESS_STREAM',
        high: 'ASSESS_STREAM_HIGH',
        dlq: 'ASSESS_DLQ_STREAM',
        results: 'ASSESS_RESULTS_STREAM',
      },
    },
    concurrency: assessment.concurrency,
    maxRetry: assessment.maxRetry,
    timeoutMs: assessment.jobTimeoutMs,
    timeoutVariable: 'JOB_TIMEOUT_SECONDS',
    longestRunMs: assessment.jobTimeoutMs,
    needs: {},
  };
}
