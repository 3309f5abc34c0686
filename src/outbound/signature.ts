import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const BYTES = { least: 24, most: 64 };
/** The new one, and the one that it replaces. */
const MOST_SECRETS = 2;

/** Whether a text is a secret as Standard Webhooks writes them: `whsec_`, then 24 to 64 bytes in base64. */
export function isWebhookSecret(text: string): boolean {
  const base64 = text.slice(PREFIX.length);
  if (!text.startsWith(PREFIX) || !BASE64.test(base64) || base64.length % 4 !== 0) return false;
  const { length } = Buffer.from(base64, 'base64');
  return length >= BYTES.least && length <= BYTES.most;
}

/** One secret, or two with a comma between. */
export function isWebhookSecrets(text: string): boolean {
  const secrets = text.split(',').map((each) => each.trim());
  return secrets.length <= MOST_SECRETS && secrets.every(isWebhookSecret);
}

/** What is signed. */
export interface SignedMessage {
  /** The same in all tries. */
  readonly id: string;
  /** Of this try, ms since the epoch. */
  readonly at: number;
  readonly body: string;
}

/**
 * The headers of a message as Standard Webhooks 1.0 has them, with a signature by each secret: a receiver takes any that it can
 * check, so that a secret can be replaced without a gap. Without a secret there is no signature.
 */
export function webhookHeaders({ id, at, body }: SignedMessage, secrets: readonly string[]): Record<string, string> {
  const timestamp = String(Math.floor(at / 1_000));
  const signatures = secrets.map((secret) => `v1,${signatureOf(`${id}.${timestamp}.${body}`, secret)}`);
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp };
  return signatures.length === 0 ? headers : { ...headers, 'webhook-signature': signatures.join(' ') };
}

function signatureOf(text: string, secret: string): string {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  return createHmac('sha256', key).update(text).digest('base64');
}
