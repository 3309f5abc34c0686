import { describe, expect, it } from '@jest/globals';
import { wants } from './endpoint.js';
import type { WebhooksFileError } from './webhooks-file.error.js';
import { parseEndpoints } from './webhooks-file.js';

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const VALID = { name: 'desk', url: 'https://desk.example/x?key=hush', secret: SECRET };
const variables = { secret: (name: string) => (name === 'DESK' ? SECRET : undefined) };
const parse = (...webhooks: object[]) => parseEndpoints(JSON.stringify({ webhooks }), variables);

function problemsOf(text: string): readonly string[] {
  try {
    parseEndpoints(text, variables);
    return [];
  } catch (error) {
    expect((error as Error).message).not.toContain('hush');
    return (error as WebhooksFileError).problems;
  }
}
const wrong = (...webhooks: unknown[]) => problemsOf(JSON.stringify({ webhooks }));

describe('the file of endpoints', () => {
  it('gives endpoints with two secrets while one is replaced, from variables too', () => {
    const [desk] = parse({ ...VALID, secret: { env: 'DESK' }, oldSecret: SECRET });
    expect(desk).toEqual({
      ...{ name: 'desk', url: VALID.url, addsJobId: false, secrets: [SECRET, SECRET] },
      ...{ events: undefined, cameras: undefined },
    });
  });

  it('says which events of which cameras are told', () => {
    const [all, some] = parse(VALID, { ...VALID, name: 'b', events: ['job.failed'], cameras: ['c1'] });
    expect(wants(all!, 'job.cancelled', 'any')).toBe(true);
    expect([wants(some!, 'job.failed', 'c1'), wants(some!, 'job.failed', 'c2')]).toEqual([true, false]);
    expect(wants(some!, 'job.completed', 'c1')).toBe(false);
  });

  it.each<[string, object, string]>([
    ['a field that is nearly right', { ...VALID, Event: [] }, 'no field is called "Event"; did you mean "events"?'],
    ['an event that is nearly right', { ...VALID, events: ['job.complete'] }, 'did you mean "job.completed"?'],
    ['an event that nobody knows', { ...VALID, events: ['x'] }, 'known: job.completed, job.failed, job.cancelled'],
    ['a missing secret', { name: 'a', url: VALID.url }, 'webhook "a": secret is missing'],
    ['a weak secret', { ...VALID, secret: 'hush' }, 'secret must be whsec_ and 24 to 64 bytes in base64'],
    ['a variable that is not set', { ...VALID, secret: { env: 'NO' } }, 'names the variable NO, which is not set'],
    ['a URL of another scheme', { ...VALID, url: 'ftp://hush' }, 'url must be an http or https URL'],
    ['a missing URL', { name: 'a', secret: SECRET }, 'url is missing'],
    ['a name that is taken', { ...VALID, name: 'WEBHOOK_URL' }, 'name must not be WEBHOOK_URL'],
    ['no events', { ...VALID, events: [] }, 'events is empty: leave it out for all of them'],
    ['a camera that is none', { ...VALID, cameras: [1] }, 'cameras must hold the cctvId of cameras'],
  ])('refuses %s', (_what, entry, sentence) => {
    expect(wrong(entry)).toEqual([expect.stringContaining(sentence)]);
  });

  it('lists all that is wrong at once, and twins', () => {
    expect(wrong(VALID, VALID, 7)).toEqual([
      'webhook no. 3: must be an object in curly brackets',
      'webhook "desk": name is there more than once',
    ]);
    expect(problemsOf('{"webhook":[]}')).toEqual([
      'no field is called "webhook"; did you mean "webhooks"?',
      'webhooks is missing; write { "webhooks": [ … ] }',
    ]);
    expect(problemsOf('{"webhooks": hush}')).toEqual([expect.stringContaining('It is not JSON')]);
  });
});
