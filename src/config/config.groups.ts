import type { OutboundRule } from '../capture/outbound-rules.js';

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
  abstract readonly gemini: GeminiConfig;
  abstract readonly http: HttpConfig;
  abstract readonly metrics: MetricsConfig;
  abstract readonly log: LogConfig;
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
  readonly group: string;
  /** Longest wait of one read. */
  readonly blockMs: number;
  /** Most entries in one read. */
  readonly batchCount: number;
  /** A pending entry that nobody renewed for so long may be taken over. */
  readonly visibilityMs: number;
  /** Acknowledged entries are kept for so long. */
  readonly retentionMs: number;
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
  /** Pairs of neighbouring frames taken per capture. */
  readonly framePairs: number;
}

/** What `OutboundPolicy` takes. */
export interface OutboundConfig {
  readonly allow: readonly OutboundRule[];
  /** Wins over `allow`. */
  readonly deny: readonly OutboundRule[];
}

export interface DetectionConfig {
  readonly detector: 'builtin' | 'onnx' | 'classical';
  /** The operator's own model, for the detector `onnx`. */
  readonly model: ModelConfig;
  readonly uploadMaxBytes: number;
  readonly uploadMaxPixels: number;
}

/** What `OnnxDetector` takes. */
export interface ModelConfig {
  /** Empty when there is none. */
  readonly file: string;
  readonly layout: 'auto' | 'yolov8' | 'yolov5' | 'yolox' | 'end2end' | 'rtdetr' | 'detr' | 'labels';
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
  /** Where artifacts go instead of the folder. */
  readonly swift: SwiftConfig | undefined;
}

/** What `SwiftArtifactStore` takes. */
export interface SwiftConfig {
  readonly authUrl: string;
  readonly username: string;
  readonly password: string;
  readonly projectName: string;
  readonly userDomainName: string;
  readonly projectDomainName: string;
  /** Not needed where Keystone's catalog has one region only. */
  readonly region: string | undefined;
  readonly container: string;
  /** Undefined: artifacts stay. */
  readonly deleteAfterDays: number | undefined;
  /** Undefined: links are not signed. */
  readonly tempUrlKey: string | undefined;
}

export interface GeminiConfig {
  /** Empty: the Gemini parts are off. */
  readonly apiKeys: readonly string[];
}

export interface HttpConfig {
  /** 0: any free one. */
  readonly port: number;
  readonly host: string;
  /** Bearer token for control calls; without one they are accepted from loopback only. */
  readonly controlToken: string | undefined;
  /** For Express's `trust proxy`. */
  readonly trustProxy: false | number | string;
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
