import { request } from 'node:http';

/** How to ask. */
export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
  /** The path as it goes over the wire, however odd; by default the URL's. */
  readonly path?: string;
  /** The address of this machine to call from, such as 127.0.0.2. */
  readonly from?: string;
}

/** What came back. The body is read of refusals only: an answer that goes on and on is left. */
export interface Asked {
  readonly status: number;
  /** Of a refusal; empty when it has none. */
  readonly code: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Makes one call over a connection of its own. */
export function ask(url: string, { method = 'GET', headers = {}, body = '', from, path }: Asking = {}): Promise<Asked> {
  return new Promise((resolve, reject) => {
    const odd = { ...(from === undefined ? {} : { localAddress: from }), ...(path === undefined ? {} : { path }) };
    const options = { method, headers, agent: false, ...odd };
    const call = request(url, options, (answer) => {
      const status = answer.statusCode ?? 0;
      const done = (text: string): void => {
        resolve({ status, code: /"code":"(\w+)"/.exec(text)?.[1] ?? '', headers: answer.headers });
        call.destroy();
      };
      if (status < 400) return done('');
      let text = '';
      answer.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      answer.once('close', () => done(text));
    });
    call.once('error', reject);
    call.end(body);
  });
}
