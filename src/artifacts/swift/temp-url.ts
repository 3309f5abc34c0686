import { createHmac } from 'node:crypto';

/** What a signed link opens, and how long. */
export interface LinkTarget {
  /** Swift's address as the catalog has it, with the account. */
  endpoint: string;
  container: string;
  name: string;
}

/** The address of an object: every part percent-encoded. */
export function objectUrl({ endpoint, container, name }: LinkTarget): string {
  return `${endpoint}/${[container, ...name.split('/')].map(encodeURIComponent).join('/')}`;
}

/**
 * A link that opens an object to whoever has it, in a browser rather than as a download, until it lapses.
 * Source: Swift's TempURL middleware, with SHA-256.
 * @param expiresAt s since the epoch
 */
export function signedUrl(target: LinkTarget, key: string, expiresAt: number): string {
  const path = `${new URL(target.endpoint).pathname}/${target.container}/${target.name}`;
  const signature = createHmac('sha256', key).update(`GET\n${expiresAt}\n${path}`).digest('hex');
  return `${objectUrl(target)}?temp_url_sig=${signature}&temp_url_expires=${expiresAt}&inline`;
}
