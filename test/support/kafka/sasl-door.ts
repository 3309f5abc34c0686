import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { API, bodyOf, headOf, put } from './frames.js';

/** Who may come in, and how. */
export interface SaslRules {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  readonly username: string;
  /** May be changed: who is inside stays there until the session ends. */
  password: string;
  /** A session ends so soon, and has to be opened anew; 0: never. ms */
  readonly sessionMs?: number;
}

const OK = 0;
const UNSUPPORTED_MECHANISM = 33;
const AUTHENTICATION_FAILED = 58;
const ROUNDS = 4096;

/** The broker's side of SASL on one connection. */
export class SaslDoor {
  private openUntil = 0;
  private answerTo: ((said: Buffer) => Buffer | undefined) | undefined;

  constructor(private readonly rules: SaslRules) {}

  get isOpen(): boolean {
    return Date.now() < this.openUntil;
  }

  /** The answer to one of the two requests of SASL. */
  answer(request: Buffer): Buffer {
    const { api, version, correlation } = headOf(request);
    const body = bodyOf(request);
    const parts = api === API.saslHandshake ? this.shakeHands(body.text()) : this.authenticate(body.block(), version);
    return Buffer.concat([put.int32(correlation), ...parts]);
  }

  private shakeHands(mechanism: string | null): Buffer[] {
    const { rules } = this;
    const isOurs = mechanism === rules.mechanism;
    this.answerTo = rules.mechanism === 'PLAIN' ? (said) => this.checkPlain(said) : this.scram();
    return [put.int16(isOurs ? OK : UNSUPPORTED_MECHANISM), put.int32(1), put.text(rules.mechanism)];
  }

  private authenticate(said: Buffer, version: number): Buffer[] {
    const answer = this.answerTo?.(said);
    const session = version >= 1 ? [put.int64(this.rules.sessionMs ?? 0)] : [];
    if (answer !== undefined) return [put.int16(OK), put.text(null), put.block(answer), ...session];
    const why = put.text('Authentication failed: invalid credentials');
    return [put.int16(AUTHENTICATION_FAILED), why, put.block(Buffer.alloc(0)), ...session];
  }

  private checkPlain(said: Buffer): Buffer | undefined {
    const [, username, password] = said.toString().split('\0');
    const isRight = username === this.rules.username && password === this.rules.password;
    return this.open(isRight) ? Buffer.alloc(0) : undefined;
  }

  private open(isRight: boolean): boolean {
    this.openUntil = isRight ? Date.now() + (this.rules.sessionMs ?? Infinity) : 0;
    return isRight;
  }

  /** Two messages each way, by RFC 5802. */
  private scram(): (said: Buffer) => Buffer | undefined {
    const hash = this.rules.mechanism === 'SCRAM-SHA-512' ? 'sha512' : 'sha256';
    const hmac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest();
    const salt = randomBytes(16);
    const salted = pbkdf2Sync(this.rules.password, salt, ROUNDS, createHash(hash).digest().length, hash);
    let first: string | undefined;
    let challenge = '';
    return (said) => {
      const text = said.toString();
      if (first === undefined) {
        first = text.slice('n,,'.length);
        const nonce = `${fieldOf(first, 'r')}${randomBytes(12).toString('hex')}`;
        challenge = `r=${nonce},s=${salt.toString('base64')},i=${ROUNDS}`;
        return Buffer.from(challenge);
      }
      const proof = Buffer.from(fieldOf(text, 'p'), 'base64');
      const signed = `${first},${challenge},${text.slice(0, text.lastIndexOf(',p='))}`;
      const clientKey = hmac(salted, 'Client Key');
      const expected = xor(clientKey, hmac(createHash(hash).update(clientKey).digest(), signed));
      const isRight = proof.length === expected.length && timingSafeEqual(proof, expected);
      const verdict = `v=${hmac(hmac(salted, 'Server Key'), signed).toString('base64')}`;
      return this.open(isRight && fieldOf(first, 'n') === this.rules.username) ? Buffer.from(verdict) : undefined;
    };
  }
}

function fieldOf(message: string, name: string): string {
  return (
    message
      .split(',')
      .find((part) => part.startsWith(`${name}=`))
      ?.slice(2) ?? ''
  );
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, i) => byte ^ (b[i] as number)));
}
