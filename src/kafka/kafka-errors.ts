import { messageOf, OutageError } from '../job/errors.js';
import { redactText } from '../lib/redact.js';

/** What the library throws, as far as we look at it. */
interface Thrown {
  readonly name: string;
  /** Kafka's own name of an error. */
  readonly type?: string;
  /** Node's. */
  readonly code?: unknown;
  readonly cause?: unknown;
}

/** How deep causes lie within each other, at the most. */
const DEEPEST = 6;

/** What is wrong with a certificate, as Node names it. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME|EPROTO|ERR_(?:SSL|TLS)/;

/** Any error of the library as one of ours, which says what to do. One of ours stays as it is. */
export function kafkaError(error: unknown): OutageError {
  if (error instanceof OutageError) return error;
  const chain = causesOf(error);
  const [code, advice] = adviceOn(chain);
  const reason = redactText(messageOf(chain.at(-1) ?? error));
  return new OutageError(code, `${advice} (${reason})`, { cause: error });
}

/** Whether a message can never be taken, however often it is sent. */
export function isTooLarge(error: unknown): boolean {
  return causesOf(error).some(({ type }) => type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE');
}

function causesOf(error: unknown): Thrown[] {
  const chain: Thrown[] = [];
  for (let one = error; one instanceof Error && chain.length < DEEPEST; one = one.cause) chain.push(one);
  return chain;
}

function adviceOn(chain: readonly Thrown[]): [code: string, advice: string] {
  const has = (form: RegExp) =>
    chain.some(({ name, type, code }) =>
      [name, type, code].some((word) => typeof word === 'string' && form.test(word)),
    );
  if (has(/SASL|ILLEGAL_SASL|UNSUPPORTED_SASL/i)) {
    return ['KAFKA_REFUSED', 'Kafka does not let us in: check KAFKA_SASL_MECHANISM, _USERNAME and _PASSWORD'];
  }
  if (has(/AUTHORIZATION_FAILED/)) {
    return ['KAFKA_REFUSED', 'Kafka lets us in but not do this: give our user the rights that docs/kafka.md lists'];
  }
  if (has(CERTIFICATE)) {
    return ['KAFKA_TLS', "The brokers' certificate or TLS does not fit: check KAFKA_TLS and the files of KAFKA_TLS_"];
  }
  if (has(/UNKNOWN_TOPIC/)) return ['KAFKA_TOPIC', 'A topic is missing, and Kafka does not make it: create it'];
  if (has(/KafkaJSNotImplemented/)) {
    return ['KAFKA_UNREADABLE', 'A message is compressed in a way that cannot be read: let producers use gzip or none'];
  }
  if (has(/ConnectionClosed/)) {
    return ['KAFKA_AWAY', 'A broker hangs up: it restarts, or it wants TLS or a user: check KAFKA_TLS and KAFKA_SASL_'];
  }
  return ['KAFKA_AWAY', 'Kafka does not do its work: check the brokers and KAFKA_BROKERS'];
}
