import { readFile } from 'node:fs/promises';
import { EntryReader, isEntry, type Entry } from '../../cameras/entry-reader.js';
import { readSecret, type Secrets } from '../../cameras/read-secret.js';
import { messageOf } from '../../job/errors.js';
import { quote } from '../../job/payload/refusal.js';
import { readToldJson } from '../../job/payload/told-json.js';
import { objectionToUrl } from '../../lib/http-url.js';
import { isName, NAME_RULE } from '../../lib/names.js';
import { nearestName } from '../../lib/text/nearest-name.js';
import { isWebhookSecret } from '../../outbound/signature.js';
import { HOOK_TYPES, URL_ENDPOINT, type Endpoint, type HookType } from './endpoint.js';
import { WebhooksFileError } from './webhooks-file.error.js';

const FIELDS = ['name', 'url', 'secret', 'oldSecret', 'events', 'cameras'];
const MOST_ENDPOINTS = 100;
const MOST_CAMERAS = 10_000;
/** Letters by which an event may be off and still be recognised. */
const MOST_SLIPS = 4;
const SECRET_RULE =
  'must be whsec_ and 24 to 64 bytes in base64, { "env": "NAME" } or { "file": "/path" }; make one: echo whsec_$(openssl rand -base64 32)';

/**
 * Reads the file of endpoints.
 * @throws WebhooksFileError WEBHOOKS_FILE_UNREADABLE, WEBHOOKS_FILE_WRONG
 */
export async function readWebhooksFile(path: string, variables: Secrets): Promise<Endpoint[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const problem = `It cannot be read (${messageOf(error)}): name a file that this user may read.`;
    throw new WebhooksFileError('WEBHOOKS_FILE_UNREADABLE', [problem], error);
  });
  return parseEndpoints(text, variables);
}

/**
 * Reads the text of such a file: `{ "webhooks": [ { "name": …, "url": …, "secret": … } ] }`.
 * @throws WebhooksFileError WEBHOOKS_FILE_WRONG that lists every problem at once
 */
export function parseEndpoints(text: string, variables: Secrets): Endpoint[] {
  const problems: string[] = [];
  const report = (problem: string): void => void problems.push(problem);
  const endpoints = readList(parseJson(text), report).flatMap((entry, i) => {
    if (isEntry(entry)) return readEndpoint(new EntryReader(entry, nameOf(entry, i), report), variables) ?? [];
    report(`webhook no. ${i + 1}: must be an object in curly brackets`);
    return [];
  });
  reportTwins(endpoints, report);
  if (problems.length > 0) throw new WebhooksFileError('WEBHOOKS_FILE_WRONG', problems);
  return endpoints;
}

function parseJson(text: string): Entry {
  const read = readToldJson(text);
  if ('problem' in read) throw new WebhooksFileError('WEBHOOKS_FILE_WRONG', [read.problem]);
  if (isEntry(read.value)) return read.value;
  throw new WebhooksFileError('WEBHOOKS_FILE_WRONG', ['It must be one object: { "webhooks": [ … ] }.']);
}

function readList(file: Entry, report: (problem: string) => void): readonly unknown[] {
  const reader = new EntryReader(file, '', report);
  reader.refuseUnknown(['webhooks']);
  if (!reader.has('webhooks')) reader.wrong('webhooks', 'is missing; write { "webhooks": [ … ] }');
  const list = reader.list('webhooks') ?? [];
  if (list.length > MOST_ENDPOINTS) reader.wrong('webhooks', `must not be more than ${MOST_ENDPOINTS}`);
  return list;
}

function nameOf({ name }: Entry, index: number): string {
  return typeof name === 'string' && name !== '' ? `webhook ${quote(name)}` : `webhook no. ${index + 1}`;
}

function readEndpoint(entry: EntryReader, variables: Secrets): Endpoint | undefined {
  entry.refuseUnknown(FIELDS);
  const name = readName(entry);
  const url = readUrl(entry, variables);
  const secret = entry.has('secret')
    ? readKey(entry, 'secret', variables)
    : entry.wrong('secret', 'is missing; receivers know by it that we call');
  const oldSecret = entry.has('oldSecret') ? readKey(entry, 'oldSecret', variables) : undefined;
  const [events, cameras] = [readEvents(entry), readCameras(entry)];
  if (name === undefined || url === undefined || secret === undefined) return undefined;
  const secrets = [secret, ...(oldSecret === undefined ? [] : [oldSecret])];
  return { name, url, addsJobId: false, secrets, events, cameras };
}

function readName(entry: EntryReader): string | undefined {
  if (!entry.has('name')) return entry.wrong('name', 'is missing; logs and calls know the endpoint by it');
  const name = entry.text('name');
  if (name === URL_ENDPOINT) return entry.wrong('name', `must not be ${URL_ENDPOINT}, which is that of the variable`);
  return name === undefined || isName(name) ? name : entry.wrong('name', NAME_RULE);
}

/** It may carry secrets: no problem repeats it. */
function readUrl(entry: EntryReader, variables: Secrets): string | undefined {
  if (!entry.has('url')) return entry.wrong('url', 'is missing');
  const url = readSecret(entry, 'url', variables)?.trim();
  const objection = url === undefined ? undefined : objectionToUrl(url, 'https://example.com/road-jobs');
  return objection === undefined ? url : entry.wrong('url', objection.rule);
}

function readKey(entry: EntryReader, field: string, variables: Secrets): string | undefined {
  const secret = readSecret(entry, field, variables)?.trim();
  return secret === undefined || isWebhookSecret(secret) ? secret : entry.wrong(field, SECRET_RULE);
}

function readEvents(entry: EntryReader): readonly HookType[] | undefined {
  const events = entry.list('events');
  if (events?.length === 0) return entry.wrong('events', 'is empty: leave it out for all of them');
  const found = events?.flatMap((event) => readEvent(entry, event) ?? []);
  return found?.length === events?.length ? found : undefined;
}

function readEvent(entry: EntryReader, event: unknown): HookType | undefined {
  const known = HOOK_TYPES.find((type) => type === event);
  if (known !== undefined) return known;
  const text = typeof event === 'string' ? event : JSON.stringify(event);
  const near = nearestName(text.toLowerCase(), HOOK_TYPES, MOST_SLIPS);
  const hint = near === undefined ? `known: ${HOOK_TYPES.join(', ')}` : `did you mean "${near}"?`;
  return entry.wrong('events', `has ${quote(text)}, which is none; ${hint}`);
}

function readCameras(entry: EntryReader): readonly string[] | undefined {
  const cameras = entry.list('cameras');
  if (cameras === undefined) return undefined;
  if (cameras.length === 0) return entry.wrong('cameras', 'is empty: leave it out for all of them');
  if (cameras.length > MOST_CAMERAS) return entry.wrong('cameras', `must not be more than ${MOST_CAMERAS}`);
  const names = cameras.filter((camera) => typeof camera === 'string' && isName(camera)) as string[];
  if (names.length === cameras.length) return names;
  return entry.wrong('cameras', 'must hold the cctvId of cameras, each a text in quotes');
}

function reportTwins(endpoints: readonly Endpoint[], report: (problem: string) => void): void {
  const seen = new Set<string>();
  for (const { name } of endpoints) {
    if (seen.has(name)) report(`webhook ${quote(name)}: name is there more than once`);
    seen.add(name);
  }
}
