/** The little of pkgcloud 2.2.0 that is used, as its source has it; it brings no types. */
declare module 'pkgcloud' {
  import type { EventEmitter } from 'node:events';
  import type { IncomingMessage } from 'node:http';

  /** What pkgcloud asks of an identity, and calls with `new`. */
  export interface Identity {
    token: { id: string; expires: Date } | undefined;
    on(event: string, listener: () => void): void;
    authorize(callback: (error?: unknown) => void): void;
    getServiceEndpointUrl(): string;
  }

  /** A request on its way, of the library `request`. A writable stream of the old kind: pipe into it at once. */
  export interface PkgcloudRequest extends EventEmitter, NodeJS.WritableStream {
    abort(): void;
    pipe(destination: NodeJS.WritableStream): unknown;
    on(event: 'response' | 'complete', listener: (response: IncomingMessage) => void): this;
    on(event: 'data', listener: (chunk: Buffer) => void): this;
    on(event: string, listener: (...args: never[]) => void): this;
  }

  /** Changes a request before it is sent. */
  export type Before = (request: Record<string, unknown>) => void;

  export interface StorageClient {
    failCodes: Record<number, string>;
    readonly before: Before[];
    readonly _identity: Identity;
    _isAuthorized(): boolean;
    auth(callback: (error?: Error) => void): void;
    _request(options: {
      method: string;
      container: string;
      path?: string;
      headers: Record<string, string>;
    }): PkgcloudRequest;
    _parseError(response: IncomingMessage): unknown;
  }

  const pkgcloud: {
    storage: {
      createClient(options: {
        provider: 'openstack';
        authUrl: string;
        earlyTokenTimeout: number;
        identity: new () => Identity;
      }): StorageClient;
    };
  };
  export default pkgcloud;
}
