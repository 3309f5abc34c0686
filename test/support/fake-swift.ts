import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SwiftSettings } from '../../src/artifacts/swift/swift.settings.js';

const ACCOUNT = '/v1/AUTH_fake';

/**
 * The little of Keystone and Swift that the adapter sees, in memory: for machines that cannot have the real ones. What a real
 * Swift does is shown by `npm run test:swift`.
 */
export class FakeSwift {
  /** Content by container and name, `container/name`. */
  readonly objects = new Map<string, Buffer>();
  /** Those that are removed with age. */
  readonly aging = new Set<string>();
  /** So many of the next downloads break off half way. */
  cuts = 0;
  /** An upload whose name ends so is taken in and never answered. */
  mute: string | undefined;
  /** How many were not. */
  unanswered = 0;
  /** What Keystone answers to a login that it refuses; undefined: it lets everybody in. 0: it breaks the connection off. */
  refuses: number | undefined;
  /** What Swift answers to a token that it does not know: Ceph's RGW says 403. */
  unknownToken = 401;
  /** The kinds of addresses in the catalog, with their paths. */
  interfaces: Record<string, string> = { public: ACCOUNT };
  /** Uploads are refused so; undefined: they are taken. */
  uploadStatus: number | undefined;
  /** The one name that may not be written. */
  refusedName: string | undefined;
  /** Where the catalog says that Swift is: itself, or a line that leads to it. */
  address: string | undefined;
  /** Everything that Keystone was asked. */
  readonly logins: unknown[] = [];
  private readonly tokens = new Set<string>();
  private readonly containers = new Set<string>();
  private readonly port: number;

  private constructor(private readonly server: Server) {
    this.port = (server.address() as AddressInfo).port;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      // A client that breaks off leaves nothing to answer.
      this.answer(request, response).catch(() => response.destroy());
    });
  }

  static async start(): Promise<FakeSwift> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FakeSwift(server);
  }

  settings(container: string): SwiftSettings {
    return {
      authUrl: this.url,
      username: 'user',
      password: 'password',
      projectName: 'project',
      userDomainName: 'Default',
      projectDomainName: 'Default',
      region: undefined,
      container,
      deleteAfterDays: undefined,
      tempUrlKey: undefined,
    };
  }

  /** Forgets every token it gave. */
  revokeTokens(): void {
    this.tokens.clear();
  }

  /** Dies as far as clients can tell: every connection breaks, nobody listens. What it holds stays. */
  async down(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  /** Listens again, where it did. */
  async up(): Promise<void> {
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async stop(): Promise<void> {
    if (this.server.listening) await this.down();
  }

  private get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (request.url === '/v3/auth/tokens') return this.logIn(response, body);
    if (!this.tokens.has(String(request.headers['x-auth-token'])))
      return void response.writeHead(this.unknownToken).end();
    const path = String(request.url).slice(ACCOUNT.length + 1);
    const [container = '', ...parts] = path.split('/').map(decodeURIComponent);
    if (parts.length === 0) return this.container(request, response, container);
    if (!this.containers.has(container)) return void response.writeHead(404).end();
    this.object(request, response, `${container}/${parts.join('/')}`, body);
  }

  private logIn(response: ServerResponse, body: Buffer): void {
    this.logins.push((JSON.parse(body.toString()) as { auth: unknown }).auth);
    if (this.refuses === 0) return void response.destroy();
    if (this.refuses !== undefined) return void response.writeHead(this.refuses).end();
    const id = randomUUID();
    this.tokens.add(id);
    const endpoints = Object.entries(this.interfaces).map(([kind, path]) => {
      return { interface: kind, region: 'One', url: (this.address ?? this.url) + path };
    });
    const token = {
      issued_at: new Date().toISOString(),
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
      catalog: [{ type: 'object-store', endpoints }],
    };
    response.writeHead(201, { 'x-subject-token': id }).end(JSON.stringify({ token }));
  }

  private container({ method }: IncomingMessage, response: ServerResponse, name: string): void {
    if (method === 'PUT') this.containers.add(name);
    response.writeHead(this.containers.has(name) ? 204 : 404).end();
  }

  private object({ method, headers }: IncomingMessage, response: ServerResponse, key: string, body: Buffer): void {
    if (method === 'DELETE') return void response.writeHead(this.objects.delete(key) ? 204 : 404).end();
    if (method === 'GET') return this.send(response, this.objects.get(key));
    if (this.refusedName !== undefined && key.endsWith(this.refusedName)) return void response.writeHead(403).end();
    if (this.uploadStatus !== undefined) return void response.writeHead(this.uploadStatus).end();
    if (this.mute !== undefined && key.endsWith(this.mute)) return void (this.unanswered += 1);
    const etag = createHash('md5').update(body).digest('hex');
    if (headers.etag !== undefined && headers.etag !== etag) return void response.writeHead(422).end();
    this.objects.set(key, body);
    if (headers['x-delete-after'] === undefined) this.aging.delete(key);
    else this.aging.add(key);
    response.writeHead(201, { etag }).end();
  }

  private send(response: ServerResponse, object: Buffer | undefined): void {
    if (object === undefined) return void response.writeHead(404).end();
    const etag = createHash('md5').update(object).digest('hex');
    response.writeHead(200, { etag, 'content-length': object.length });
    if (this.cuts-- > 0) response.write(object.subarray(0, object.length / 2), () => response.destroy());
    else response.end(object);
  }
}
