import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { AHEAD_MS } from '../../../lib/clock.js';
import { tokenDigest, type AccessToken } from '../tokens/tokens-file.js';

/** How long a sign-in lasts. ms */
export const SESSION_MS = 12 * 3_600_000;

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const SEAL_BYTES = 16;
const TAG_BYTES = 12;
const FORM = /^([\w-]{16})\.([\w-]{40,2048})$/;

interface Keys {
  readonly tag: string;
  readonly key: Buffer;
}

/** A cookie that was opened. */
export interface OpenedSession {
  readonly token: AccessToken;
  /** ms since the epoch */
  readonly expiresAt: number;
}

/**
 * Makes and opens the cookie of somebody who signed in with a token. All of its state is in it: the token itself and the expiry,
 * sealed with a key that each replica derives from the token's SHA-256 and `CONTROL_TOKEN`. So it survives restarts, holds at every
 * replica, and ends when its token leaves the file; what its holder may do is looked up in the file each time.
 *
 * Why the token, and not a signature over its name: the file holds only hashes and may be read by more people than should steer. A
 * key made of those alone would let each of them sign a cookie for themselves; a cookie that holds no token opens to nothing.
 */
export class SessionCookies {
  private readonly keysOf = new WeakMap<AccessToken, Keys>();
  private readonly secret: Buffer;

  /** @param controlToken the same at every replica; another one ends all sessions */
  constructor(controlToken: string | undefined) {
    this.secret = tokenDigest(controlToken ?? '');
  }

  /** The value of a cookie. `text` is the token itself. */
  seal(token: AccessToken, text: string, expiresAt: number): string {
    const { tag, key } = this.keys(token);
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(tag));
    const body = Buffer.concat([cipher.update(`${expiresAt} ${text}`, 'utf8'), cipher.final()]);
    return `${tag}.${Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url')}`;
  }

  /** Whose it is; undefined for one that is over, was changed, or whose token is none of these. */
  open(value: string, tokens: readonly AccessToken[], now: number): OpenedSession | undefined {
    const [, tag, sealed] = FORM.exec(value) ?? [];
    const token = tokens.find((each) => this.keys(each).tag === tag);
    if (token === undefined || sealed === undefined) return undefined;
    const text = this.unseal(this.keys(token), Buffer.from(sealed, 'base64url'));
    const [, expiry, secret] = /^(\d{1,16}) (.+)$/s.exec(text ?? '') ?? [];
    if (secret === undefined || !tokenDigest(secret).equals(token.digest)) return undefined;
    const expiresAt = Number(expiry);
    // One that lasts longer was not made here.
    return now < expiresAt && expiresAt <= now + SESSION_MS + AHEAD_MS ? { token, expiresAt } : undefined;
  }

  private unseal({ tag, key }: Keys, sealed: Buffer): string | undefined {
    try {
      const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: SEAL_BYTES });
      decipher.setAAD(Buffer.from(tag)).setAuthTag(sealed.subarray(-SEAL_BYTES));
      const body = sealed.subarray(NONCE_BYTES, -SEAL_BYTES);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }

  private keys(token: AccessToken): Keys {
    const known = this.keysOf.get(token);
    if (known !== undefined) return known;
    const material = Buffer.concat([token.digest, this.secret]);
    const key = Buffer.from(hkdfSync('sha256', material, '', 'roadstream session key', KEY_BYTES));
    const tag = createHmac('sha256', key).update('roadstream session tag').digest().subarray(0, TAG_BYTES);
    const keys = { key, tag: tag.toString('base64url') };
    this.keysOf.set(token, keys);
    return keys;
  }
}
