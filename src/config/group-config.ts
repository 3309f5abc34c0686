import type { NamedSecrets } from './sources/named-secrets.js';
import { isatty } from 'node:tty';
import { parseOutboundRules } from '../outbound/outbound-rules.js';
import type {
  ApplicationCredentialConfig,
  AssessmentConfig,
  AwsKeysConfig,
  BreakerConfig,
  Config,
  DetectionConfig,
  GeminiConfig,
  HttpConfig,
  LogConfig,
  ModelConfig,
  QueueConfig,
  RolesConfig,
  S3Config,
  SegmentsConfig,
  StorageConfig,
  SwiftConfig,
  WorkerConfig,
} from './config.groups.js';
import { groupAccess } from './access-config.js';
import { groupSqs } from './sqs-config.js';
import { usesApplicationCredential } from './env.checks.js';
import { groupKafka } from './kafka-config.js';
import { itemsOf } from './table/rows.js';
import type { Env } from './table/table.js';
import { groupTracing } from './tracing-config.js';
import { groupWebhooks } from './webhooks-config.js';
import { parseGeminiKeys } from './gemini-keys.js';

const SECOND_MS = 1000;
/** A camera that is down is tried at least so often. */
const LONGEST_COOLDOWN_MS = 600_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MB = 1024 * 1024;
const MEGAPIXEL = 1_000_000;
/** Boxes of one class that overlap by more (intersection over union) are one damage, as most families of detectors have it. */
const SAME_BOX_OVERLAP = 0.45;
/** An assessment weighs half in its camera's risk after this time. */
const RISK_HALF_LIFE_MS = 6 * HOUR_MS;

/** The checked variables in groups, in the units that the code works with. */
export function groupConfig(env: Env, warnings: readonly string[], secrets: NamedSecrets): Config {
  const gemini = groupGemini(env);
  return {
    redis: {
      url: env.REDIS_URL,
      username: env.REDIS_USERNAME,
      password: env.REDIS_PASSWORD,
      tlsCaFile: env.REDIS_TLS_CA_FILE,
    },
    queue: groupQueue(env),
    worker: groupWorker(env),
    breaker: groupBreaker(env),
    gpu: { guard: env.GPU_MEMORY_GUARD, minFreeBytes: env.GPU_MIN_FREE_MB * MB },
    capture: {
      ffmpegPath: env.FFMPEG_PATH,
      maxSeconds: env.JOB_MAX_SECONDS,
      maxHeight: env.CAPTURE_MAX_HEIGHT,
    },
    outbound: {
      allow: parseOutboundRules(env.OUTBOUND_ALLOW ?? ''),
      deny: parseOutboundRules(env.OUTBOUND_DENY ?? ''),
    },
    detection: groupDetection(env),
    storage: groupStorage(env),
    roles: groupRoles(env, gemini),
    cameras: { file: env.CAMERAS_FILE, visitsKept: env.VISITS_KEPT, secrets },
    gemini,
    assessment: groupAssessment(env),
    segments: groupSegments(env),
    risk: { halfLifeMs: RISK_HALF_LIFE_MS, urgentFrom: env.RISK_URGENT_FROM },
    kafka: groupKafka(env),
    sqs: groupSqs(env),
    http: groupHttp(env),
    access: groupAccess(env),
    webhooks: groupWebhooks(env, secrets),
    metrics: { maxCameras: env.METRICS_MAX_CAMERAS },
    log: groupLog(env),
    tracing: groupTracing(env),
    warnings,
  };
}

function groupQueue(env: Env): QueueConfig {
  return {
    stream: env.REDIS_STREAM,
    highStream: env.REDIS_STREAM_HIGH,
    dlqStream: env.REDIS_DLQ_STREAM,
    resultsStream: env.RESULTS_STREAM,
    group: env.REDIS_GROUP,
    blockMs: env.REDIS_BLOCK_MS,
    batchCount: env.REDIS_BATCH_COUNT,
    maxEntryBytes: env.JOB_MAX_BYTES,
    visibilityMs: env.REDIS_VISIBILITY_TIMEOUT * SECOND_MS,
    retentionMs: env.REDIS_STREAM_RETENTION_HOURS * HOUR_MS,
    statusKeepMs: env.JOB_STATUS_KEEP_HOURS * HOUR_MS,
    resultsKeepMs: env.RESULTS_KEEP_HOURS * HOUR_MS,
    letters: { keepMs: env.DLQ_KEEP_DAYS * DAY_MS, most: env.DLQ_MAX },
    timeZone: env.PAYLOAD_TIME_ZONE,
  };
}

function groupWorker(env: Env): WorkerConfig {
  return {
    concurrency: env.MAX_CONCURRENCY,
    maxRetry: env.REDIS_MAX_RETRY,
    retryBaseMs: env.RETRY_BASE_SECONDS * SECOND_MS,
    jobTimeoutMs: env.JOB_TIMEOUT_SECONDS * SECOND_MS,
    shutdownGraceMs: env.SHUTDOWN_GRACE_SECONDS * SECOND_MS,
  };
}

function groupBreaker(env: Env): BreakerConfig {
  return {
    failures: env.CAMERA_DOWN_AFTER_FAILURES,
    cooldownMs: env.CAMERA_DOWN_RETRY_SECONDS * SECOND_MS,
    longestCooldownMs: Math.max(LONGEST_COOLDOWN_MS, env.CAMERA_DOWN_RETRY_SECONDS * SECOND_MS),
    giveUpAfterMs: env.CAMERA_DOWN_GIVE_UP_SECONDS * SECOND_MS,
  };
}

function groupDetection(env: Env): DetectionConfig {
  return {
    detector: env.DAMAGE_DETECTOR,
    model: groupModel(env),
    uploadMaxBytes: env.UPLOAD_MAX_MB * MB,
    uploadMaxPixels: env.UPLOAD_MAX_MEGAPIXELS * MEGAPIXEL,
  };
}

function groupModel(env: Env): ModelConfig {
  return {
    file: env.DAMAGE_MODEL ?? '',
    layout: env.DAMAGE_MODEL_LAYOUT,
    classes: itemsOf(env.DAMAGE_MODEL_CLASSES),
    threshold: env.DAMAGE_MODEL_THRESHOLD,
    overlap: SAME_BOX_OVERLAP,
    device: env.DAMAGE_MODEL_DEVICE,
  };
}

function groupRoles(env: Env, { keys }: GeminiConfig): RolesConfig {
  const roles = itemsOf(env.ROLES);
  return {
    inspect: roles.includes('inspect'),
    assess: roles.includes('assess') && keys.length > 0,
    schedule: roles.includes('schedule') && env.CAMERAS_FILE !== undefined,
    relay: roles.includes('relay'),
    api: roles.includes('api'),
  };
}

function groupGemini(env: Env): GeminiConfig {
  const { GEMINI_PRICE_INPUT: input, GEMINI_PRICE_OUTPUT: output } = env;
  const budget = { rpm: env.GEMINI_RPM, tpm: env.GEMINI_TPM, rpd: env.GEMINI_RPD };
  return {
    keys: parseGeminiKeys(env.GEMINI_API_KEY, env.GEMINI_API_KEYS, budget),
    imageModel: env.GEMINI_MODEL_IMAGE,
    videoModel: env.GEMINI_MODEL_VIDEO,
    language: env.GEMINI_LANGUAGE,
    timeoutMs: env.GEMINI_TIMEOUT_SECONDS * SECOND_MS,
    price: input === undefined || output === undefined ? undefined : { input, output },
    baseUrl: env.GEMINI_BASE_URL,
  };
}

function groupAssessment(env: Env): AssessmentConfig {
  return {
    stream: env.ASSESS_STREAM,
    highStream: env.ASSESS_STREAM_HIGH,
    dlqStream: env.ASSESS_DLQ_STREAM,
    resultsStream: env.ASSESS_RESULTS_STREAM,
    group: env.ASSESS_GROUP,
    concurrency: env.ASSESS_CONCURRENCY,
    maxRetry: env.REDIS_MAX_RETRY,
    jobTimeoutMs: env.JOB_TIMEOUT_SECONDS * SECOND_MS,
    on: env.ASSESS_ON,
  };
}

function groupSegments(env: Env): SegmentsConfig {
  return {
    directory: env.SEGMENTS_DIR,
    stableMs: env.SEGMENT_STABLE_SECONDS * SECOND_MS,
    stableLimitMs: env.SEGMENT_STABLE_LIMIT_SECONDS * SECOND_MS,
    maxBytes: env.SEGMENT_MAX_MB * MB,
    lengthMs: env.SEGMENT_MINUTES * MINUTE_MS,
    catchUp: 3,
    keepMs: env.SEGMENT_KEEP_HOURS * HOUR_MS,
    diskShare: env.SEGMENT_DISK_PERCENT / 100,
  };
}

function groupStorage(env: Env): StorageConfig {
  const prefix = env.SWIFT_UPLOAD_PREFIX === '/' ? '' : env.SWIFT_UPLOAD_PREFIX;
  return { directory: env.ARTIFACTS_DIR, prefix, swift: groupSwift(env), s3: groupS3(env) };
}

function groupSwift(env: Env): SwiftConfig | undefined {
  if (env.OS_AUTH_URL === undefined) return undefined;
  return {
    authUrl: env.OS_AUTH_URL,
    username: env.OS_USERNAME ?? '',
    password: env.OS_PASSWORD ?? '',
    projectName: env.OS_PROJECT_NAME ?? '',
    userDomainName: env.OS_USER_DOMAIN_NAME,
    projectDomainName: env.OS_PROJECT_DOMAIN_NAME,
    userId: env.OS_USER_ID,
    projectId: env.OS_PROJECT_ID,
    userDomainId: env.OS_USER_DOMAIN_ID,
    projectDomainId: env.OS_PROJECT_DOMAIN_ID,
    applicationCredential: groupCredential(env),
    interface: env.OS_INTERFACE,
    region: env.OS_REGION_NAME,
    container: env.SWIFT_CONTAINER,
    deleteAfterDays: env.SWIFT_DELETE_AFTER_DAYS,
    tempUrlKey: env.SWIFT_TEMP_URL_KEY,
  };
}

function groupS3(env: Env): S3Config | undefined {
  if (env.S3_BUCKET === undefined) return undefined;
  return {
    endpoint: env.S3_ENDPOINT,
    region: env.S3_REGION ?? env.AWS_REGION ?? 'us-east-1',
    bucket: env.S3_BUCKET,
    keyPrefix: env.S3_KEY_PREFIX === '/' ? '' : (env.S3_KEY_PREFIX ?? ''),
    keys: groupS3Keys(env),
    pathStyle: env.S3_PATH_STYLE ?? env.S3_ENDPOINT !== undefined,
    linkDays: env.S3_LINK_DAYS,
    agingTag: env.S3_AGING_TAG,
  };
}

function groupS3Keys(env: Env): AwsKeysConfig | undefined {
  const own = keysOf(env.S3_ACCESS_KEY_ID, env.S3_SECRET_ACCESS_KEY, env.S3_SESSION_TOKEN);
  return own ?? groupAwsKeys(env);
}

/** The keys that were set for all of AWS. The SDK would find them in the environment, but not in `.env`. */
function groupAwsKeys(env: Env): AwsKeysConfig | undefined {
  return keysOf(env.AWS_ACCESS_KEY_ID, env.AWS_SECRET_ACCESS_KEY, env.AWS_SESSION_TOKEN);
}

function keysOf(
  accessKeyId: string | undefined,
  secretAccessKey: string | undefined,
  sessionToken: string | undefined,
): AwsKeysConfig | undefined {
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken };
}

function groupCredential(env: Env): ApplicationCredentialConfig | undefined {
  if (!usesApplicationCredential(env)) return undefined;
  return {
    id: env.OS_APPLICATION_CREDENTIAL_ID,
    name: env.OS_APPLICATION_CREDENTIAL_NAME,
    secret: env.OS_APPLICATION_CREDENTIAL_SECRET ?? '',
  };
}

function groupHttp(env: Env): HttpConfig {
  return {
    port: env.PORT,
    host: env.HOST,
    allowedHosts: itemsOf(env.HTTP_ALLOWED_HOSTS),
    trustProxy: trustProxy(env.TRUST_PROXY),
    sseClientsMax: env.SSE_CLIENTS_MAX,
    mapTilesUrl: env.MAP_TILES_URL,
  };
}

function trustProxy(text: string): HttpConfig['trustProxy'] {
  if (text === 'false') return false;
  return /^\d$/.test(text) ? Number(text) : text;
}

/** How to log; pretty by default where a person looks on. */
export function groupLog(env: Env): LogConfig {
  return { level: env.LOG_LEVEL, pretty: env.LOG_PRETTY ?? isatty(1) };
}
