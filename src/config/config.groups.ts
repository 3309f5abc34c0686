import type { SqsConfig } from './sqs-config.js';
import type { AccessConfig } from './access-config.js';
import type { KafkaConfig } from './kafka-config.js';
import type { TracingConfig } from './tracing-config.js';
import type { WebhooksConfig } from './webhooks-config.js';
import type { NamedSecrets } from './sources/named-secrets.js';
import type { OutboundRule } from '../outbound/outbound-rules.js';

/** Every setting of the service, in groups by who needs it. Times are ms, sizes bytes. An abstract class: Nest's token. */
export abstract class Config {
  abstract readonly redis: RedisConfig;
  abstract readonly queue: QueueConfig;
  abstract readonly worker: WorkerConfig;
  abstract readonly breaker: BreakerConfig;
  abstract readonly gpu: GpuConfig;
  abstract readonly capture: CaptureConfig;
  abstract readonly outbound: OutboundConfig;
  abstract readonly detection: DetectionConfig;
  abstract readonly storage: StorageConfig;
  abstract readonly roles: RolesConfig;
  abstract readonly cameras: CamerasConfig;
  abstract readonly gemini: GeminiConfig;
  abstract readonly assessment: AssessmentConfig;
  abstract readonly segments: SegmentsConfig;
  abstract readonly risk: RiskConfig;
  /** Undefined: no Kafka. */
  abstract readonly kafka: KafkaConfig | undefined;
  abstract readonly sqs: SqsConfig;
  abstract readonly http: HttpConfig;
  abstract readonly access: AccessConfig;
  abstract readonly webhooks: WebhooksConfig;
  abstract readonly metrics: MetricsConfig;
  abstract readonly log: LogConfig;
  /** Undefined: no traces. */
  abstract readonly tracing: TracingConfig | undefined;
  /** Settings that are allowed but probably not meant; to be logged at start. */
  abstract readonly warnings: readonly string[];
}

export interface RedisConfig {
  /** May carry user and password. */
  readonly url: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** PEM file of the authority that signed the server's certificate. */
  readonly tlsCaFile: string | undefined;
}

export interface QueueConfig {
  readonly stream: string;
  /** Emptied before `stream`. */
  readonly highStream: string;
  readonly dlqStream: string;
  /** What finished jobs found goes here. */
  readonly resultsStream: string;
  readonly group: string;
  /** Longest wait of one read. */
  readonly blockMs: number;
  /** Most entries in one read. */
  readonly batchCount: number;
  /** An entry that holds more is discarded unread, bytes. */
  readonly maxEntryBytes: number;
  /** A pending entry that nobody renewed for so long may be taken over. */
  readonly visibilityMs: number;
  /** Acknowledged entries are kept for so long. */
  readonly retentionMs: number;
  /** The status of a job that a client asked for is kept for so long after its end. */
  readonly statusKeepMs: number;
  /** Results are kept for so long. */
  readonly resultsKeepMs: number;
  /** How long dead letters are kept, and how many of each kind of job. */
  readonly letters: { readonly keepMs: number; readonly most: number };
  /** IANA zone for times in payloads that name none. */
  readonly timeZone: string;
}

export interface WorkerConfig {
  /** Jobs at once when the worker starts. */
  readonly concurrency: number;
  /** Retries after the first attempt. */
  readonly maxRetry: number;
  /** Longest delay before the first retry. */
  readonly retryBaseMs: number;
  /** A job that runs for longer is aborted and retried. */
  readonly jobTimeoutMs: number;
  /** How long a stop waits for running jobs. */
  readonly shutdownGraceMs: number;
}

/** When a camera counts as down, and what then. */
export interface BreakerConfig {
  /** Failures in a row after which a camera's jobs wait. */
  readonly failures: number;
  /** The first wait before it is tried again. */
  readonly cooldownMs: number;
  readonly longestCooldownMs: number;
  /** A job that is older while its camera is down is given up. */
  readonly giveUpAfterMs: number;
}

export interface GpuConfig {
  /** False: free memory is never looked at. */
  readonly guard: boolean;
  readonly minFreeBytes: number;
}

export interface CaptureConfig {
  readonly ffmpegPath: string;
  /** Largest `sec` that a job may ask for, s. */
  readonly maxSeconds: number;
  /** Larger pictures are scaled down to this height, px. */
  readonly maxHeight: number;
}

/** What `OutboundPolicy` takes. */
export interface OutboundConfig {
  readonly allow: readonly OutboundRule[];
  /** Wins over `allow`. */
  readonly deny: readonly OutboundRule[];
}

export interface DetectionConfig {
  readonly detector: 'builtin' | 'onnx' | 'gemini' | 'classical';
  /** The operator's own model, for the detector `onnx`. */
  readonly model: ModelConfig;
  readonly uploadMaxBytes: number;
  readonly uploadMaxPixels: number;
}

/** What `OnnxDetector` takes. */
export interface ModelConfig {
  /** Empty when there is none. */
  readonly file: string;
  readonly layout: 'auto' | 'yolov8' | 'yolov5' | 'yolox' | 'end2end' | 'yolov7nms' | 'rtdetr' | 'detr' | 'labels';
  /** A class for each number from 0, `-` for none; empty: by the names in the file. */
  readonly classes: readonly string[];
  /** Least score of a detection, 0..1. */
  readonly threshold: number;
  /** Boxes of one class that overlap by more (IoU, 0..1) are one. */
  readonly overlap: number;
  readonly device: 'cpu' | 'cuda';
}

export interface StorageConfig {
  /** The folder that artifacts go to. */
  readonly directory: string;
  /** In front of every artifact's name; may be empty. */
  readonly prefix: string;
  /** Where artifacts go instead of the folder; only one of these two is set. */
  readonly swift: SwiftConfig | undefined;
  readonly s3: S3Config | undefined;
}

/** What `S3ArtifactStore` takes. */
export interface S3Config {
  /** Undefined: AWS. */
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly bucket: string;
  /** In front of every key; may be empty. */
  readonly keyPrefix: string;
  /** Undefined: the usual places are asked. */
  readonly keys: AwsKeysConfig | undefined;
  readonly pathStyle: boolean;
  /** 0: links are not signed. */
  readonly linkDays: number;
  /** Undefined: artifacts get no tag. */
  readonly agingTag: string | undefined;
}

/** Keys of an AWS account, or of something that speaks like AWS. */
export interface AwsKeysConfig {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

/** What `SwiftArtifactStore` takes. */
export interface SwiftConfig {
  readonly authUrl: string;
  readonly username: string;
  readonly password: string;
  readonly projectName: string;
  readonly userDomainName: string;
  readonly projectDomainName: string;
  /** Ids win over names. */
  readonly userId?: string | undefined;
  readonly projectId?: string | undefined;
  readonly userDomainId?: string | undefined;
  readonly projectDomainId?: string | undefined;
  /** In the place of user, password and project. */
  readonly applicationCredential?: ApplicationCredentialConfig | undefined;
  /** Which of Swift's addresses in the catalog; `public` if left out. */
  readonly interface?: 'public' | 'internal' | 'admin';
  /** Not needed where Keystone's catalog has one region only. */
  readonly region: string | undefined;
  readonly container: string;
  /** Undefined: artifacts stay. */
  readonly deleteAfterDays: number | undefined;
  /** Undefined: links are not signed. */
  readonly tempUrlKey: string | undefined;
}

/** What Keystone gives an application of a user's, by its id, or by its name and that user. */
export interface ApplicationCredentialConfig {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly secret: string;
}

/** What this process does. */
export interface RolesConfig {
  readonly inspect: boolean;
  /** False without a Gemini key, too. */
  readonly assess: boolean;
  /** False without a cameras file, too. */
  readonly schedule: boolean;
  /** Whether this process carries jobs and results from and to other systems; which, their own settings say. */
  readonly relay: boolean;
  /** Named where a process shall answer HTTP and do nothing else; all of them answer. */
  readonly api: boolean;
}

export interface CamerasConfig {
  /** Variables that the cameras file may name. */
  readonly secrets: NamedSecrets;
  /** Path of the JSON file that describes cameras; undefined when there is none. */
  readonly file: string | undefined;
  /** Earlier backgrounds of a camera that are kept to compare with; 0: none. */
  readonly visitsKept: number;
}

export interface GeminiConfig {
  /** Empty: the Gemini parts are off. */
  readonly keys: readonly GeminiKeyConfig[];
  /** Judges pictures. */
  readonly imageModel: string;
  /** Judges videos. */
  readonly videoModel: string;
  readonly language: 'en' | 'ko';
  /** Longest wait for one answer. */
  readonly timeoutMs: number;
  /** USD per million tokens; undefined: no cost is estimated. */
  readonly price: { readonly input: number; readonly output: number } | undefined;
  /** Where the API is; undefined: where Google has it. */
  readonly baseUrl: string | undefined;
}

/** One API key and the budget of its project. */
export interface GeminiKeyConfig {
  /** Its name in logs and metrics. */
  readonly id: string;
  /** Budgets and uploaded files belong to the project: keys of one project share them. */
  readonly project: string;
  /** The secret. */
  readonly key: string;
  /** Requests per minute. */
  readonly rpm: number;
  /** Tokens per minute. */
  readonly tpm: number;
  /** Requests per day. */
  readonly rpd: number;
}

/** The queue of segments and pictures that Gemini judges. */
export interface AssessmentConfig {
  readonly stream: string;
  /** Emptied before `stream`. */
  readonly highStream: string;
  readonly dlqStream: string;
  readonly resultsStream: string;
  readonly group: string;
  /** Jobs at once when the worker starts. */
  readonly concurrency: number;
  /** Retries after the first attempt. */
  readonly maxRetry: number;
  /** A job that runs for longer is aborted and retried. */
  readonly jobTimeoutMs: number;
  /** Which finished inspections become assessment jobs. */
  readonly on: 'damage' | 'always' | 'never';
}

/** Recorded video segments. */
export interface SegmentsConfig {
  /** The folder that recordings go to, and that `video` paths are below. */
  readonly directory: string;
  /** A file is finished when its size and time have not changed for so long. */
  readonly stableMs: number;
  /** A file that still changes after so long is given back to the queue. */
  readonly stableLimitMs: number;
  readonly maxBytes: number;
  /** Length of a recorded segment. */
  readonly lengthMs: number;
  /** Most missed segments of a camera that are made up for after nobody ran the schedule. */
  readonly catchUp: number;
  /** Recordings older than this are deleted. */
  readonly keepMs: number;
  /** The oldest recordings are deleted while the disk is fuller than this share, 0..1. */
  readonly diskShare: number;
}

/** How single assessments become a camera's risk. */
export interface RiskConfig {
  /** After so long an assessment weighs half. */
  readonly halfLifeMs: number;
  /** From this risk (0..100) on a camera's scheduled jobs are urgent. */
  readonly urgentFrom: number;
}

export interface HttpConfig {
  /** 0: any free one. */
  readonly port: number;
  readonly host: string;
  /** Names that the service may be called by beside its own; `*.domain` for all below it. */
  readonly allowedHosts: readonly string[];
  /** For Express's `trust proxy`. */
  readonly trustProxy: false | number | string;
  /** Most clients that listen to events at once. */
  readonly sseClientsMax: number;
  /** Where browsers get the map's tiles from; undefined: from nowhere. */
  readonly mapTilesUrl: string | undefined;
}

export interface MetricsConfig {
  /** Most cameras with a label of their own. */
  readonly maxCameras: number;
}

export interface LogConfig {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  /** Coloured lines for people instead of JSON. */
  readonly pretty: boolean;
}
