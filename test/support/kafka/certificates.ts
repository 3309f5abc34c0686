import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** An authority of our own, and what it signed for 127.0.0.1. */
export interface Certificates {
  /** Path of the authority's PEM file. */
  readonly caFile: string;
  readonly key: Buffer;
  readonly cert: Buffer;
}

/** Makes them in a folder, by openssl. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const path = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => run('openssl', args);
  const ecKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const ca = { key: path('ca.key'), cert: path('ca.pem') };
  const own = { key: path('own.key'), request: path('own.csr'), cert: path('own.pem') };
  await openssl('req', '-x509', ...ecKey, '-keyout', ca.key, '-out', ca.cert, '-subj', '/CN=authority', '-days', '2');
  await openssl('req', ...ecKey, '-keyout', own.key, '-out', own.request, '-subj', '/CN=broker');
  await writeFile(path('names'), 'subjectAltName=IP:127.0.0.1');
  const signed = ['-CA', ca.cert, '-CAkey', ca.key, '-CAcreateserial', '-extfile', path('names'), '-days', '2'];
  await openssl('x509', '-req', '-in', own.request, ...signed, '-out', own.cert);
  return { caFile: ca.cert, key: await readFile(own.key), cert: await readFile(own.cert) };
}
