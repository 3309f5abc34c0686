import { PermanentStepError, RateLimitedError, TransientStepError, type JobError } from '../../../job/errors.js';
import { redactUrl } from '../../../lib/redact.js';
import type { CatalogService } from './catalog.js';
import { retryAfterMs } from '../../remote/retry-after.js';
import { reasonOf } from '../../remote/network-error.js';
import type { ApplicationCredential, SwiftSettings } from '../swift.settings.js';

/** What Keystone gives for a password. */
export interface Token {
  id: string;
  /** From its issue on, by Keystone's own clock, ms. */
  lifetimeMs: number;
  catalog: readonly CatalogService[];
}

interface TokenAnswer {
  token: { issued_at: string; expires_at: string; catalog?: CatalogService[] };
}

/**
 * Asks Keystone v3 for a token, by password, for one project. Never follows a redirect: the password stays with the host
 * that OS_AUTH_URL names.
 * @throws PermanentStepError SWIFT_AUTH_FAILED, SWIFT_AUTH_URL
 * @throws TransientStepError SWIFT_UNAVAILABLE
 * @throws RateLimitedError SWIFT_RATE_LIMITED
 */
export async function authenticate(settings: SwiftSettings, signal: AbortSignal): Promise<Token> {
  const url = tokensUrl(settings.authUrl);
  const response = await ask(url, settings, signal);
  const body = await response.text().catch((error: unknown) => Promise.reject(unreachable(url, error)));
  if (response.status !== 201) throw refused(response, url, settings);
  return readToken(response.headers.get('x-subject-token'), body, url);
}

/** `http://host:5000`, with or without `/v3`, becomes `http://host:5000/v3/auth/tokens`. */
export function tokensUrl(authUrl: string): string {
  return `${authUrl.replace(/\/+$/, '').replace(/\/v3$/, '')}/v3/auth/tokens`;
}

async function ask(url: string, settings: SwiftSettings, signal: AbortSignal): Promise<Response> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const body = JSON.stringify(question(settings));
  try {
    return await fetch(url, { method: 'POST', redirect: 'manual', headers, body, signal });
  } catch (error) {
    throw unreachable(url, error);
  }
}

function question(settings: SwiftSettings): object {
  const { applicationCredential: credential, password } = settings;
  // Such a credential is for one project; to name one is an error.
  if (credential !== undefined) return { auth: { identity: credentialOf(credential, settings) } };
  const identity = { methods: ['password'], password: { user: { ...userOf(settings), password } } };
  return { auth: { identity, scope: { project: projectOf(settings) } } };
}

function credentialOf({ id, name, secret }: ApplicationCredential, settings: SwiftSettings): object {
  const which = id === undefined ? { name, user: userOf(settings) } : { id };
  return { methods: ['application_credential'], application_credential: { ...which, secret } };
}

function userOf({ userId, username, userDomainId, userDomainName }: SwiftSettings): object {
  return userId === undefined ? { name: username, domain: domainOf(userDomainId, userDomainName) } : { id: userId };
}

function projectOf({ projectId, projectName, projectDomainId, projectDomainName }: SwiftSettings): object {
  if (projectId !== undefined) return { id: projectId };
  return { name: projectName, domain: domainOf(projectDomainId, projectDomainName) };
}

function domainOf(id: string | undefined, name: string): object {
  return id === undefined ? { name } : { id };
}

function readToken(id: string | null, body: string, url: string): Token {
  try {
    const { token } = JSON.parse(body) as TokenAnswer;
    const lifetimeMs = Date.parse(token.expires_at) - Date.parse(token.issued_at);
    if (id !== null && lifetimeMs > 0) return { id, lifetimeMs, catalog: token.catalog ?? [] };
  } catch {
    // Said below.
  }
  throw notKeystone(url, 'its answer is no token');
}

function refused(response: Response, url: string, settings: SwiftSettings): JobError {
  const { status } = response;
  const where = `Keystone at ${redactUrl(url)}`;
  if (status === 401 || status === 403) {
    const text = `${where} refuses ${whoOf(settings)} with ${status}. ${adviceFor(settings)}`;
    return new PermanentStepError('SWIFT_AUTH_FAILED', text, { step: 'artifacts' });
  }
  if (status === 429) {
    const wait = retryAfterMs(response.headers.get('retry-after') ?? undefined) ?? DEFAULT_SNOOZE_MS;
    return new RateLimitedError('SWIFT_RATE_LIMITED', `${where} rate-limits us (HTTP 429).`, wait, {
      step: 'artifacts',
    });
  }
  if (status >= 500 || status === 408) {
    const text = `${where} answered with status ${status}. Look at its log.`;
    return new TransientStepError('SWIFT_UNAVAILABLE', text, { step: 'artifacts' });
  }
  return notKeystone(url, `it answered with status ${status}`);
}

function whoOf(settings: SwiftSettings): string {
  const { applicationCredential: credential, userId, username, projectId, projectName } = settings;
  if (credential !== undefined) return `application credential "${credential.id ?? credential.name ?? ''}"`;
  const user = userId ?? `${username}" (domain "${settings.userDomainId ?? settings.userDomainName}`;
  const project = projectId ?? `${projectName}" (domain "${settings.projectDomainId ?? settings.projectDomainName}`;
  return `user "${user}${userId === undefined ? '")' : '"'} in project "${project}${projectId === undefined ? '")' : '"'}`;
}

function adviceFor({ applicationCredential }: SwiftSettings): string {
  if (applicationCredential === undefined) return 'Check OS_USERNAME, OS_PASSWORD, OS_PROJECT_NAME and the domains.';
  return 'Check OS_APPLICATION_CREDENTIAL_ID and OS_APPLICATION_CREDENTIAL_SECRET, and whether it has expired or was removed.';
}

const DEFAULT_SNOOZE_MS = 10_000;

function unreachable(url: string, cause: unknown): TransientStepError {
  const text = `Keystone at ${redactUrl(url)} cannot be reached (${reasonOf(cause)}). Look whether it runs and the network lets us through.`;
  return new TransientStepError('SWIFT_UNAVAILABLE', text, { step: 'artifacts', cause });
}

function notKeystone(url: string, why: string): PermanentStepError {
  const text = `There is no Keystone v3 at ${redactUrl(url)}: ${why}. Set OS_AUTH_URL to its address, such as http://host:5000.`;
  return new PermanentStepError('SWIFT_AUTH_URL', text, { step: 'artifacts' });
}
