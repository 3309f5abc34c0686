import { isTimeZone } from '../job/payload/zone.js';
import { objectionToRedisUrl } from '../redis/redis-url.js';
import {
  isDamageClass,
  isContainerName,
  isHostPattern,
  isKeystoneUrl,
  isPlainUrl,
  isRoles,
  isOutboundRules,
  isStrongToken,
  isTrustProxy,
  PREFIX_FORM,
} from './env.forms.js';
import { Amount, CommaList, Flag, Line, OneOf, RedisKey, Shaped, Unobjected, Whole } from './env.rules.js';
import { isGeminiKeys } from './gemini-keys.js';

const GEMINI_KEYS =
  'a comma-separated list of keys, or a JSON list such as [{"id":"a","project":"p1","key":"…","rpm":10,"tpm":250000,"rpd":250}]';
const OUTBOUND_RULES = 'a comma-separated list of hosts, *.hosts, addresses or CIDRs, each with :port if wanted';

/**
 * Every variable the service reads, with its default and what it may be. `undefined` is the default of what is off or
 * not there unless set. `.env.example` lists the same names and defaults; a test compares the two.
 */
export class EnvDto {
  @Unobjected(objectionToRedisUrl) REDIS_URL = 'redis://localhost:6379';
  @Line() REDIS_USERNAME: string | undefined = undefined;
  @Line() REDIS_PASSWORD: string | undefined = undefined;
  @Line() REDIS_TLS_CA_FILE: string | undefined = undefined;

  @RedisKey() REDIS_STREAM = 'stream:preprocess';
  @RedisKey() REDIS_STREAM_HIGH = 'stream:preprocess:high';
  @RedisKey() REDIS_DLQ_STREAM = 'stream:preprocess:dlq';
  @RedisKey() REDIS_GROUP = 'workers';
  @Whole({ min: 10, max: 60_000, unit: 'milliseconds' }) REDIS_BLOCK_MS = 5000;
  @Whole({ min: 1, max: 1000, unit: 'entries' }) REDIS_BATCH_COUNT = 20;
  @Whole({ min: 65_536, max: 16_777_216, unit: 'bytes' }) JOB_MAX_BYTES = 1_048_576;
  @Amount({ min: 1, max: 86_400, unit: 'seconds' }) REDIS_VISIBILITY_TIMEOUT = 300;
  @Whole({ min: 0, max: 100, unit: 'retries' }) REDIS_MAX_RETRY = 3;
  @Amount({ min: 0, max: 8760, unit: 'hours' }) REDIS_STREAM_RETENTION_HOURS = 24;
  @Shaped('an IANA time zone, such as UTC or Asia/Seoul', isTimeZone) PAYLOAD_TIME_ZONE = 'UTC';

  @Whole({ min: 1, max: 64, unit: 'jobs' }) MAX_CONCURRENCY = 2;
  @Amount({ min: 1, max: 86_400, unit: 'seconds' }) JOB_TIMEOUT_SECONDS = 600;
  @Whole({ min: 1, max: 3600, unit: 'seconds' }) JOB_MAX_SECONDS = 600;
  @Amount({ min: 0, max: 3600, unit: 'seconds' }) RETRY_BASE_SECONDS = 2;
  @Whole({ min: 1, max: 1000, unit: 'failures' }) CAMERA_DOWN_AFTER_FAILURES = 8;
  @Amount({ min: 0, max: 3600, unit: 'seconds' }) CAMERA_DOWN_RETRY_SECONDS = 30;
  @Amount({ min: 0, max: 604_800, unit: 'seconds' }) CAMERA_DOWN_GIVE_UP_SECONDS = 3600;
  @Amount({ min: 0, max: 3600, unit: 'seconds' }) SHUTDOWN_GRACE_SECONDS = 30;
  @Flag() GPU_MEMORY_GUARD = true;
  @Whole({ min: 0, max: 1_000_000, unit: 'MB' }) GPU_MIN_FREE_MB = 1024;

  @Line() FFMPEG_PATH = 'ffmpeg';
  @Whole({ min: 120, max: 4320, unit: 'pixels' }) CAPTURE_MAX_HEIGHT = 1080;
  @Shaped(OUTBOUND_RULES, isOutboundRules) OUTBOUND_ALLOW: string | undefined = undefined;
  @Shaped(OUTBOUND_RULES, isOutboundRules) OUTBOUND_DENY: string | undefined = undefined;
  @OneOf('builtin', 'onnx', 'gemini', 'classical') DAMAGE_DETECTOR = 'builtin';
  @Line() DAMAGE_MODEL: string | undefined = undefined;
  @OneOf('auto', 'yolov8', 'yolov5', 'yolox', 'end2end', 'yolov7nms', 'rtdetr', 'detr', 'labels') DAMAGE_MODEL_LAYOUT =
    'auto';
  @CommaList('D00, D10, D20, D40, crack or - for none, one for each class of the model', isDamageClass)
  DAMAGE_MODEL_CLASSES: string | undefined = undefined;
  @Amount({ min: 0, max: 1 }) DAMAGE_MODEL_THRESHOLD = 0.25;
  @OneOf('cpu', 'cuda') DAMAGE_MODEL_DEVICE = 'cpu';

  @Line() CAMERAS_FILE: string | undefined = undefined;
  @Whole({ min: 0, max: 50, unit: 'visits' }) VISITS_KEPT = 5;

  @Line() ARTIFACTS_DIR = './artifacts';
  @Shaped('the http or https URL of a Keystone v3, without user, password, query or fragment', isKeystoneUrl)
  OS_AUTH_URL: string | undefined = undefined;
  @OneOf('password', 'v3password', 'v3applicationcredential') OS_AUTH_TYPE: string | undefined = undefined;
  @Line() OS_USERNAME: string | undefined = undefined;
  @Line() OS_USER_ID: string | undefined = undefined;
  @Line() OS_PASSWORD: string | undefined = undefined;
  @Line() OS_APPLICATION_CREDENTIAL_ID: string | undefined = undefined;
  @Line() OS_APPLICATION_CREDENTIAL_NAME: string | undefined = undefined;
  @Line() OS_APPLICATION_CREDENTIAL_SECRET: string | undefined = undefined;
  @Line() OS_PROJECT_NAME: string | undefined = undefined;
  @Line() OS_PROJECT_ID: string | undefined = undefined;
  @Line() OS_REGION_NAME: string | undefined = undefined;
  @OneOf('public', 'internal', 'admin') OS_INTERFACE = 'public';
  @Line() OS_USER_DOMAIN_NAME = 'Default';
  @Line() OS_PROJECT_DOMAIN_NAME = 'Default';
  @Line() OS_USER_DOMAIN_ID: string | undefined = undefined;
  @Line() OS_PROJECT_DOMAIN_ID: string | undefined = undefined;
  @Shaped('1 to 256 bytes without "/", and neither "." nor ".."', isContainerName) SWIFT_CONTAINER = 'cctv-preprocess';
  @Shaped(
    'letters, digits, ".", "_", "~", "-" and single "/", none in front and no ".." ("/" alone for none)',
    PREFIX_FORM,
  )
  SWIFT_UPLOAD_PREFIX = 'preprocess/';
  @Whole({ min: 1, max: 36_500, unit: 'days' }) SWIFT_DELETE_AFTER_DAYS: number | undefined = undefined;
  @Line() SWIFT_TEMP_URL_KEY: string | undefined = undefined;

  @Shaped('a key without spaces', /^\S+$/) GEMINI_API_KEY: string | undefined = undefined;
  @Shaped(GEMINI_KEYS, isGeminiKeys) GEMINI_API_KEYS: string | undefined = undefined;
  @Whole({ min: 1, max: 1_000_000, unit: 'requests' }) GEMINI_RPM = 10;
  @Whole({ min: 1000, max: 1_000_000_000, unit: 'tokens' }) GEMINI_TPM = 250_000;
  @Whole({ min: 1, max: 100_000_000, unit: 'requests' }) GEMINI_RPD = 250;
  @Shaped('a model name', /^[\w.-]+$/) GEMINI_MODEL_IMAGE = 'gemini-3.5-flash-lite';
  @Shaped('a model name', /^[\w.-]+$/) GEMINI_MODEL_VIDEO = 'gemini-3.8-flash';
  @OneOf('en', 'ko') GEMINI_LANGUAGE = 'en';
  @Amount({ min: 1, max: 3600, unit: 'seconds' }) GEMINI_TIMEOUT_SECONDS = 300;
  @Amount({ min: 0, max: 10_000, unit: 'USD per million tokens' }) GEMINI_PRICE_INPUT: number | undefined = undefined;
  @Amount({ min: 0, max: 10_000, unit: 'USD per million tokens' }) GEMINI_PRICE_OUTPUT: number | undefined = undefined;
  @Shaped('an http or https URL without user, password, query or fragment', isPlainUrl)
  GEMINI_BASE_URL: string | undefined = undefined;

  @Shaped('a comma-separated list of inspect, assess and schedule', isRoles) ROLES = 'inspect,assess,schedule';
  @RedisKey() RESULTS_STREAM = 'stream:preprocess:results';
  @RedisKey() ASSESS_STREAM = 'stream:assess';
  @RedisKey() ASSESS_STREAM_HIGH = 'stream:assess:high';
  @RedisKey() ASSESS_DLQ_STREAM = 'stream:assess:dlq';
  @RedisKey() ASSESS_RESULTS_STREAM = 'stream:assess:results';
  @RedisKey() ASSESS_GROUP = 'assessors';
  @Whole({ min: 1, max: 64, unit: 'jobs' }) ASSESS_CONCURRENCY = 2;
  @OneOf('damage', 'always', 'never') ASSESS_ON = 'damage';
  @Line() SEGMENTS_DIR = './segments';
  @Amount({ min: 0, max: 600, unit: 'seconds' }) SEGMENT_STABLE_SECONDS = 5;
  @Amount({ min: 0, max: 3600, unit: 'seconds' }) SEGMENT_STABLE_LIMIT_SECONDS = 120;
  @Whole({ min: 1, max: 100_000, unit: 'MB' }) SEGMENT_MAX_MB = 2000;
  @Whole({ min: 1, max: 60, unit: 'minutes' }) SEGMENT_MINUTES = 10;
  @Amount({ min: 0, max: 8760, unit: 'hours' }) SEGMENT_KEEP_HOURS = 24;
  @Amount({ min: 1, max: 99, unit: 'percent' }) SEGMENT_DISK_PERCENT = 80;
  @Whole({ min: 0, max: 100 }) RISK_URGENT_FROM = 60;

  @Whole({ min: 0, max: 65_535 }) PORT = 3000;
  @Shaped('an address or a host name', /^[\w.:%-]+$/) HOST = '0.0.0.0';
  @Shaped('a token of 16 to 1000 characters without spaces that nobody guesses: openssl rand -hex 24', isStrongToken)
  CONTROL_TOKEN: string | undefined = undefined;
  @CommaList('host names or *.domains, without ports', isHostPattern)
  HTTP_ALLOWED_HOSTS: string | undefined = undefined;
  @Shaped(
    'false, a number of proxies from 0 to 9, or their addresses (true would let any client claim to be local)',
    isTrustProxy,
  )
  TRUST_PROXY = 'false';
  @Whole({ min: 1, max: 200, unit: 'MB' }) UPLOAD_MAX_MB = 20;
  @Whole({ min: 1, max: 200, unit: 'megapixels' }) UPLOAD_MAX_MEGAPIXELS = 50;
  @Whole({ min: 0, max: 10_000, unit: 'cameras' }) METRICS_MAX_CAMERAS = 200;
  @OneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent') LOG_LEVEL = 'info';
  @Flag() LOG_PRETTY: boolean | undefined = undefined;
}

/** Variables whose value never appears in a message. A Redis URL may carry a password. */
export const SECRETS: ReadonlySet<string> = new Set<keyof EnvDto>([
  'REDIS_URL',
  'REDIS_PASSWORD',
  'OS_AUTH_URL',
  'OS_PASSWORD',
  'OS_APPLICATION_CREDENTIAL_SECRET',
  'SWIFT_TEMP_URL_KEY',
  'GEMINI_API_KEY',
  'GEMINI_API_KEYS',
  'CONTROL_TOKEN',
]);

/** The names of all variables, in the order above. */
export const VARIABLES: readonly (keyof EnvDto)[] = Object.keys(new EnvDto()) as (keyof EnvDto)[];
