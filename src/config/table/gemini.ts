import { isGeminiKeys } from '../gemini-keys.js';
import { isPlainUrl, isRoles } from '../env.forms.js';
import { amount, line, oneOf, redisKey, secret, shaped, whole } from './rows.js';

const GEMINI_KEYS =
  'a comma-separated list of keys, or a JSON list such as [{"id":"a","project":"p1","key":"…","rpm":10,"tpm":250000,"rpd":250}]';

/** What this process does, and what Gemini judges. */
export const GEMINI = {
  Roles: {
    ROLES: shaped(
      'inspect,assess,schedule,relay',
      'a comma-separated list of inspect, assess, schedule, relay and api',
      isRoles,
      'What this process does: inspect (preprocess jobs), assess (Gemini; needs a key), schedule (needs CAMERAS_FILE), relay (carries jobs and results from and to other systems, those whose settings are there). Every process answers HTTP; api alone: it does nothing else.',
    ),
    RESULTS_STREAM: redisKey(
      'stream:preprocess:results',
      'What finished preprocess jobs found; on Redis Cluster in the same slot as the other streams.',
    ),
  },
  Gemini: {
    GEMINI_API_KEY: secret(
      shaped(undefined, 'a key without spaces', /^\S+$/, 'Without a key the Gemini parts are off.'),
    ),
    GEMINI_API_KEYS: secret(
      shaped(
        undefined,
        GEMINI_KEYS,
        isGeminiKeys,
        'Several keys: comma separated, or as JSON with their projects and budgets: [{"id":"a","project":"p1","key":"…","rpm":10,"tpm":250000,"rpd":250}]; limits that are left out are those below.',
      ),
    ),
    GEMINI_RPM: whole(
      10,
      { min: 1, max: 1_000_000, unit: 'requests' },
      'Requests a minute that a project may use; a plain key counts as a project.',
    ),
    GEMINI_TPM: whole(250_000, { min: 1000, max: 1_000_000_000, unit: 'tokens' }, 'Tokens a minute.'),
    GEMINI_RPD: whole(250, { min: 1, max: 100_000_000, unit: 'requests' }, 'Requests a day.'),
    GEMINI_MODEL_IMAGE: shaped('gemini-3.5-flash-lite', 'a model name', /^[\w.-]+$/, 'Judges pictures.'),
    GEMINI_MODEL_VIDEO: shaped('gemini-3.8-flash', 'a model name', /^[\w.-]+$/, 'Judges videos.'),
    GEMINI_LANGUAGE: oneOf('en', ['en', 'ko'], 'Language of its answers.'),
    GEMINI_TIMEOUT_SECONDS: amount(300, { min: 1, max: 3600, unit: 'seconds' }, 'Longest wait for one answer.'),
    GEMINI_PRICE_INPUT: amount(
      undefined,
      { min: 0, max: 10_000, unit: 'USD per million tokens' },
      'For the cost estimate; not set: none.',
    ),
    GEMINI_PRICE_OUTPUT: amount(
      undefined,
      { min: 0, max: 10_000, unit: 'USD per million tokens' },
      'The same for what it writes.',
    ),
    GEMINI_BASE_URL: shaped(
      undefined,
      'an http or https URL without user, password, query or fragment',
      isPlainUrl,
      'Another place of the API, such as a proxy of yours.',
    ),
  },
  Assessment: {
    ASSESS_STREAM: redisKey('stream:assess', 'Jobs for Gemini.'),
    ASSESS_STREAM_HIGH: redisKey('stream:assess:high', 'Urgent jobs: emptied first.'),
    ASSESS_DLQ_STREAM: redisKey('stream:assess:dlq', 'Where discarded ones wait for a person.'),
    ASSESS_RESULTS_STREAM: redisKey('stream:assess:results', 'What finished ones found.'),
    ASSESS_GROUP: redisKey('assessors', 'Created if missing, with the stream.'),
    ASSESS_CONCURRENCY: whole(2, { min: 1, max: 64, unit: 'jobs' }, 'Jobs at once, apart from MAX_CONCURRENCY.'),
    ASSESS_ON: oneOf(
      'damage',
      ['damage', 'always', 'never'],
      'Which finished preprocess jobs Gemini judges, too; damage: those with detections.',
    ),
    RISK_URGENT_FROM: whole(
      60,
      { min: 0, max: 100 },
      "From this risk on a camera's scheduled jobs go to the urgent stream.",
    ),
  },
  'Recorded segments': {
    SEGMENTS_DIR: line(
      './segments',
      'Recordings go here, and `video` paths of jobs are below it. Several machines need a shared folder.',
    ),
    SEGMENT_STABLE_SECONDS: amount(
      5,
      { min: 0, max: 600, unit: 'seconds' },
      'A file counts as finished when it has not changed for this time.',
    ),
    SEGMENT_STABLE_LIMIT_SECONDS: amount(
      120,
      { min: 0, max: 3600, unit: 'seconds' },
      'A job is put back if its file still changes after this time.',
    ),
    SEGMENT_MAX_MB: whole(2000, { min: 1, max: 100_000, unit: 'MB' }, 'Larger files are refused.'),
    SEGMENT_MINUTES: whole(10, { min: 1, max: 60, unit: 'minutes' }, 'Length of a recorded segment.'),
    SEGMENT_KEEP_HOURS: amount(24, { min: 0, max: 8760, unit: 'hours' }, 'Recordings are deleted after this time.'),
    SEGMENT_DISK_PERCENT: amount(
      80,
      { min: 1, max: 99, unit: 'percent' },
      'The oldest recordings are deleted while the disk is fuller than this.',
    ),
  },
};
