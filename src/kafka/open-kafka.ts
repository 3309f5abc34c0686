import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import type { Kafka, KafkaConfig as ClientOptions, SASLOptions } from 'kafkajs';
import { messageOf, OutageError } from '../job/errors.js';
import { loadLibrary } from '../lib/optional-library.js';

/** How to reach Kafka. */
export interface KafkaSettings {
  /** `host:port` each. */
  readonly brokers: readonly string[];
  /** Paths of PEM files; undefined: without TLS. */
  readonly tls: KafkaFiles | undefined;
  readonly sasl: KafkaUser | undefined;
}

interface KafkaFiles {
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
}

interface KafkaUser {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

const CLIENT = 'roadstream';
/** A TLS handshake over a slow line takes longer than the library's second. ms */
const CONNECT_WITHIN_MS = 5_000;
/** A broker that does not answer for so long is as good as away. ms */
const ANSWER_WITHIN_MS = 20_000;
/** The library gives up soon, so that trouble is told soon: who uses it tries on for ever. ms */
const RETRY = { retries: 2, initialRetryTime: 200, maxRetryTime: 1_000 };

/**
 * A client of Kafka; it connects with its first use.
 * @throws LibraryMissingError when the package kafkajs is not installed
 * @throws OutageError KAFKA_FILE when a file for TLS cannot be read
 */
export async function openKafka(settings: KafkaSettings, answerWithinMs = ANSWER_WITHIN_MS): Promise<Kafka> {
  const library = { name: 'kafkajs', range: '^2', variable: 'KAFKA_BROKERS' };
  const { Kafka: Client } = await loadLibrary(library, () => import('kafkajs'));
  return new Client(await optionsOf(settings, answerWithinMs));
}

async function optionsOf({ brokers, tls, sasl }: KafkaSettings, answerWithinMs: number): Promise<ClientOptions> {
  return {
    clientId: CLIENT,
    brokers: [...brokers],
    connectionTimeout: CONNECT_WITHIN_MS,
    authenticationTimeout: answerWithinMs,
    requestTimeout: answerWithinMs,
    retry: RETRY,
    // It tells of each try; what is worth telling comes to us as an error, and is told once.
    logCreator: () => () => undefined,
    ...(tls === undefined ? {} : { ssl: await readTls(tls) }),
    ...(sasl === undefined ? {} : { sasl: sasl as SASLOptions }),
  };
}

async function readTls({ caFile, certFile, keyFile }: KafkaFiles): Promise<ConnectionOptions> {
  const [ca, cert, key] = await Promise.all([
    readPem(caFile, 'KAFKA_TLS_CA_FILE'),
    readPem(certFile, 'KAFKA_TLS_CERT_FILE'),
    readPem(keyFile, 'KAFKA_TLS_KEY_FILE'),
  ]);
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

async function readPem(path: string | undefined, variable: string): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new OutageError('KAFKA_FILE', `${variable} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
