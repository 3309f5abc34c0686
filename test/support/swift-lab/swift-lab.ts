import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RetryPace } from '../../../src/artifacts/remote/retry-pace.js';
import type { S3Settings } from '../../../src/artifacts/s3/s3.settings.js';
import type { SwiftSettings } from '../../../src/artifacts/swift/swift.settings.js';

const run = promisify(execFile);

/** What `prepare.py` tells Swift. */
const S3_REGION = 'lab-1';

/** The processes of the lab. */
export type LabProcess = 'keystone' | 'proxy' | 'account' | 'container' | 'object';

interface LabFile {
  keystonePort: number;
  proxyPort: number;
  account: string;
  region: string;
}

/** Waits short enough for tests; otherwise as in earnest. */
export const TEST_PATIENCE: RetryPace = {
  authMs: 5_000,
  idleMs: 20_000,
  tryMs: 120_000,
  tries: 4,
  baseMs: 50,
  capMs: 500,
  checkMs: 10_000,
};

/** The real Swift and Keystone that `npm run test:swift` started, see `up.sh` beside this file. */
export class SwiftLab {
  private readonly facts: LabFile;
  private ownToken: string | undefined;

  private constructor(private readonly directory: string) {
    this.facts = JSON.parse(readFileSync(join(directory, 'lab.json'), 'utf8')) as LabFile;
  }

  /** @throws unless it was started: these tests never pass without it */
  static running(): SwiftLab {
    const directory = process.env['SWIFT_LAB_DIR'];
    if (directory === undefined) throw new Error('There is no Swift here. Run these tests with: npm run test:swift');
    return new SwiftLab(directory);
  }

  get keystonePort(): number {
    return this.facts.keystonePort;
  }

  get proxyPort(): number {
    return this.facts.proxyPort;
  }

  /** The project's part of Swift. */
  get endpoint(): string {
    return `http://127.0.0.1:${this.facts.proxyPort}/v1/${this.facts.account}`;
  }

  /** What the adapter needs to know to store as the user `uploader`. */
  settings(container: string, changes: Partial<SwiftSettings> = {}): SwiftSettings {
    return {
      authUrl: `http://127.0.0.1:${this.facts.keystonePort}/v3`,
      username: 'uploader',
      password: 'uploader-password',
      projectName: 'artifacts',
      userDomainName: 'Default',
      projectDomainName: 'Default',
      region: undefined,
      container,
      deleteAfterDays: undefined,
      tempUrlKey: undefined,
      ...changes,
    };
  }

  /** The same as a bucket of S3: a bucket is a container, the access key the name of the user, the secret the password. */
  s3Settings(bucket: string, changes: Partial<S3Settings> = {}): S3Settings {
    return {
      endpoint: `http://127.0.0.1:${this.facts.proxyPort}`,
      region: S3_REGION,
      bucket,
      keyPrefix: '',
      keys: { accessKeyId: 'uploader', secretAccessKey: 'uploader-password', sessionToken: undefined },
      pathStyle: true,
      linkDays: 7,
      agingTag: undefined,
      ...changes,
    };
  }

  /** The bucket as environment variables. */
  s3Environment(bucket: string): Record<string, string> {
    return {
      S3_ENDPOINT: `http://127.0.0.1:${this.facts.proxyPort}`,
      S3_REGION,
      S3_BUCKET: bucket,
      S3_ACCESS_KEY_ID: 'uploader',
      S3_SECRET_ACCESS_KEY: 'uploader-password',
    };
  }

  /** The same as environment variables, for the service and for OpenStack's own clients. */
  get environment(): Record<string, string> {
    return {
      OS_AUTH_URL: `http://127.0.0.1:${this.facts.keystonePort}/v3`,
      OS_IDENTITY_API_VERSION: '3',
      OS_USERNAME: 'uploader',
      OS_PASSWORD: 'uploader-password',
      OS_PROJECT_NAME: 'artifacts',
      OS_USER_DOMAIN_NAME: 'Default',
      OS_PROJECT_DOMAIN_NAME: 'Default',
    };
  }

  /** Runs the `swift` client of OpenStack, which shares nothing with the adapter. Gives its standard output. */
  async swift(...args: string[]): Promise<string> {
    const env = { ...this.environment, PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' };
    const { stdout } = await run('/usr/bin/swift', args, { env, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  }

  /** Every object of a container, sorted, as `swift list` shows it; none where there is no container. */
  async list(container: string): Promise<string[]> {
    const output = await this.swift('list', container).catch((error: unknown) => {
      if (String(error).includes('not found')) return '';
      throw error;
    });
    return output.split('\n').filter((name) => name !== '');
  }

  /** An object as plain HTTP gives it. */
  async fetch(container: string, name: string, init: RequestInit = {}): Promise<Response> {
    const path = [container, ...name.split('/')].map(encodeURIComponent).join('/');
    return this.ask(path, init);
  }

  /** Every object of a container, sorted, by plain HTTP: quicker than {@link list}. */
  async names(container: string): Promise<string[]> {
    const response = await this.ask(`${encodeURIComponent(container)}?format=json`);
    if (!response.ok) return [];
    return ((await response.json()) as { name: string }[]).map(({ name }) => name);
  }

  async read(container: string, name: string): Promise<Buffer | undefined> {
    const response = await this.fetch(container, name);
    return response.ok ? Buffer.from(await response.arrayBuffer()) : undefined;
  }

  /** Removes a container with all that is in it. */
  async remove(container: string): Promise<void> {
    await this.swift('delete', container).catch(() => undefined);
  }

  private async ask(path: string, init: RequestInit = {}): Promise<Response> {
    this.ownToken ??= await this.logIn();
    const response = await fetch(`${this.endpoint}/${path}`, { ...init, headers: { 'x-auth-token': this.ownToken } });
    if (response.status !== 401) return response;
    this.ownToken = undefined;
    return this.ask(path, init);
  }

  private async logIn(): Promise<string> {
    const user = { name: 'uploader', domain: { name: 'Default' }, password: 'uploader-password' };
    const scope = { project: { name: 'artifacts', domain: { name: 'Default' } } };
    const response = await fetch(this.tokensUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ auth: { identity: { methods: ['password'], password: { user } }, scope } }),
    });
    await response.arrayBuffer();
    return String(response.headers.get('x-subject-token'));
  }

  /** Has Keystone take back a token. */
  async revoke(token: string): Promise<void> {
    const headers = { 'x-auth-token': token, 'x-subject-token': token };
    const { status } = await fetch(this.tokensUrl, { method: 'DELETE', headers });
    if (status !== 204) throw new Error(`Keystone did not revoke the token: ${status}`);
  }

  signal(name: LabProcess, signal: NodeJS.Signals): void {
    process.kill(Number(readFileSync(join(this.directory, 'pid', name), 'utf8')), signal);
  }

  /** Starts what has died and waits until all of it answers. */
  async up(environment: Record<string, string> = {}): Promise<void> {
    const env = { ...process.env, ...environment };
    await run('bash', ['test/support/swift-lab/up.sh'], { env });
  }

  private get tokensUrl(): string {
    return `http://127.0.0.1:${this.facts.keystonePort}/v3/auth/tokens`;
  }
}
