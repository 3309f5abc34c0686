import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Artifact } from '../../src/artifacts/artifact-store.js';
import { SwiftArtifactStore } from '../../src/artifacts/swift/swift.store.js';
import type { SwiftSettings } from '../../src/artifacts/swift/swift.settings.js';
import { FaultProxy } from '../support/swift-lab/fault-proxy.js';
import { SwiftLab, TEST_PATIENCE } from '../support/swift-lab/swift-lab.js';

const NEVER = new AbortController().signal;
const DAY_S = 86_400;
const text = (content: string): Artifact => ({ contentType: 'text/plain', source: () => Buffer.from(content) });

describe('the Swift store', () => {
  const container = `store-${process.pid}`;
  let lab: SwiftLab;
  beforeAll(() => {
    lab = SwiftLab.running();
  });
  afterAll(() => lab.remove(container));

  const open = (changes: Partial<SwiftSettings> = {}): SwiftArtifactStore =>
    new SwiftArtifactStore(lab.settings(container, changes), TEST_PATIENCE);

  it('makes the container when it is missing, also when it goes missing later', async () => {
    const store = open();
    await store.put('made/x', text('x'), NEVER);
    await lab.remove(container);
    await store.put('made/y', text('y'), NEVER);
    expect(await lab.list(container)).toEqual(['made/y']);
  });

  it("is listed by OpenStack's own client under the very names", async () => {
    const names = [
      'odd/서울 교차로.jpg',
      'odd/a b?c#d&e=%2F+.json',
      "odd/'quoted' (1).txt",
      'odd/...',
      'odd/~x',
      'odd/.hidden',
    ];
    const store = open();
    await Promise.all(names.map((name) => store.put(name, text(name), NEVER)));
    const listed = (await lab.list(container)).filter((name) => name.startsWith('odd/'));
    expect(listed.sort()).toEqual(names.sort());
  });

  it("stores what OpenStack's own client reads back, byte by byte", async () => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7) % 256));
    await open().put('속도/a b.jpg', { contentType: 'image/jpeg', source: () => bytes }, NEVER);
    expect(await lab.list(container)).toContain('속도/a b.jpg');
    const stat = await lab.swift('stat', container, '속도/a b.jpg');
    expect(stat).toMatch(/Content Length: 300000\n/);
    expect(stat).toMatch(/Content Type: image\/jpeg\n/);
    expect(await lab.read(container, '속도/a b.jpg')).toEqual(bytes);
  });

  it('keeps metadata, and leaves the object that it was given in alone', async () => {
    const metadata = Object.freeze({ 'cctv-id': 'cam_1', place: '세종대로' });
    await open().put('meta', { ...text('x'), metadata }, NEVER);
    const { headers } = await lab.fetch(container, 'meta', { method: 'HEAD' });
    expect(headers.get('x-object-meta-cctv-id')).toBe('cam_1');
    expect(decodeURIComponent(String(headers.get('x-object-meta-place')))).toBe('세종대로');
  });

  it('has Swift remove artifacts after some days, when asked to', async () => {
    const begin = Math.floor(Date.now() / 1000);
    await open({ deleteAfterDays: 3 }).put('aging', text('x'), NEVER);
    await open().put('lasting', text('x'), NEVER);
    await open({ deleteAfterDays: 3 }).put('kept', { ...text('x'), isLasting: true }, NEVER);
    const deleteAt = async (name: string): Promise<string | null> =>
      (await lab.fetch(container, name, { method: 'HEAD' })).headers.get('x-delete-at');
    expect(Number(await deleteAt('aging'))).toBeGreaterThanOrEqual(begin + 3 * DAY_S);
    expect(await deleteAt('lasting')).toBeNull();
    expect(await deleteAt('kept')).toBeNull();
  });

  it('refuses a name that is longer than Swift takes', async () => {
    await expect(open().put('가'.repeat(342), text('x'), NEVER)).rejects.toMatchObject({ code: 'STORAGE_NAME' });
  });

  it('gives the plain address of what it stored', async () => {
    const { url } = await open().put('plain/a b', text('x'), NEVER);
    expect(url).toBe(`${lab.endpoint}/${container}/plain/a%20b`);
    expect((await fetch(url)).status).toBe(401);
  });

  describe('with a key for links', () => {
    const tempUrlKey = 'a key';
    beforeAll(() => lab.swift('post', container, '-m', `Temp-URL-Key: ${tempUrlKey}`));

    it.each(['link/x', "link/서울 'a' #1?.jpg"])('signs links that open %s without a password', async (name) => {
      const { url } = await open({ tempUrlKey }).put(name, text(name), NEVER);
      const response = await fetch(url);
      expect(response.headers.get('content-disposition')).toMatch(/^inline/);
      expect(await response.text()).toBe(name);
      expect((await fetch(url.replace('link/', 'link/other'))).status).toBe(401);
    });

    it('says so when Swift does not know the key', async () => {
      expect((await open({ tempUrlKey }).check()).message).not.toContain('refused');
      const { ok, message } = await open({ tempUrlKey: 'another' }).check();
      expect(ok).toBe(true);
      expect(message).toContain('signed links are refused (401)');
    });
  });

  it('leaves nothing of its checks, and after the first one only looks', async () => {
    const proxy = await FaultProxy.start(lab);
    const store = open({ authUrl: proxy.authUrl });
    expect(await store.check()).toMatchObject({ ok: true });
    const before = proxy.swiftCalls.length;
    expect(await store.check()).toMatchObject({ ok: true });
    expect(proxy.swiftCalls.slice(before).map(({ method }) => method)).toEqual(['HEAD']);
    expect((await lab.list(container)).filter((name) => name.startsWith('.check'))).toEqual([]);
    await proxy.stop();
  });

  describe('in a cloud of two regions', () => {
    let proxy: FaultProxy;
    beforeAll(async () => {
      proxy = await FaultProxy.start(lab);
      proxy.rewrite = addRegion;
    });
    afterAll(() => proxy.stop());

    it('asks which one is meant', async () => {
      const put = open({ authUrl: proxy.authUrl }).put('region', text('x'), NEVER);
      await expect(put).rejects.toMatchObject({
        kind: 'permanent',
        code: 'SWIFT_REGION',
        message: expect.stringContaining('Far, RegionOne. Set OS_REGION_NAME'),
      });
    });

    it('takes the one that is named, whatever its case', async () => {
      await open({ authUrl: proxy.authUrl, region: 'regionone' }).put('region', text('x'), NEVER);
      expect(await lab.list(container)).toContain('region');
    });

    it('names those there are when there is none of that name', async () => {
      const { ok, message } = await open({ authUrl: proxy.authUrl, region: 'Nowhere' }).check();
      expect(ok).toBe(false);
      expect(message).toContain('one of: Far, RegionOne');
    });
  });

  it('reports no secret when it describes itself', () => {
    expect(open({ tempUrlKey: 'hidden-key' }).describe()).not.toMatch(/hidden-key|uploader-password/);
  });
});

/** Swift in another region besides, in Keystone's answer. */
function addRegion(answer: string): string {
  const body = JSON.parse(answer) as { token?: { catalog: { type: string; endpoints: object[] }[] } };
  for (const service of body.token?.catalog ?? []) {
    if (service.type !== 'object-store') continue;
    service.endpoints.push({ interface: 'public', region: 'Far', region_id: 'Far', url: 'http://127.0.0.1:9/v1/far' });
  }
  return JSON.stringify(body);
}
