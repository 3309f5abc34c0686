import { beforeAll, describe, expect, it } from '@jest/globals';
import { useRedis } from '../support/use-redis.js';
import { House } from './house.js';
import { camerasFile, failed, givenUp, inspected } from './seeds.js';

const HLS = 'https://cam.example/live.m3u8';

let house: House | undefined;
const { server, redis } = useRedis({ endFirst: () => house?.close() ?? Promise.resolve() });
const there = (): House => house!;
beforeAll(async () => {
  const cameras = ['한강대교 북단', 'North bridge', 'School lane', 'Harbour road'].map((name, n) => ({
    ...{ cctvId: `cctv_00${n + 1}`, name, hls: HLS, inspectEveryMinutes: 1440 },
  }));
  await inspected(redis, 'cctv_001', 1);
  await inspected(redis, 'cctv_002', 120);
  await failed(redis, 'cctv_003', 3);
  await failed(redis, 'cctv_004');
  await givenUp(redis);
  // No worker of this house takes inspections: none is to open the cameras' addresses.
  house = await House.open({
    ...{ REDIS_URL: server.url, CAMERAS_FILE: await camerasFile(cameras) },
    ...{ ROLES: 'assess', GEMINI_API_KEY: 'a-key-that-asks-nothing' },
  });
}, 90_000);

describe('the start', () => {
  it('has no fault in either scheme and language, wide or narrow', async () => {
    expect(await there().blame('', (page) => page.locator('.city-counts').waitFor())).toEqual([]);
  });

  it('says in one sentence what is wrong, the worst first, and what else is', async () => {
    await redis.xadd('stream:preprocess', '*', 'cctvId', 'cctv_001', 'hls', HLS);
    const page = await there().visit('', { token: there().token });
    await page.locator('.city-said').nth(3).waitFor();
    const said = await page.locator('.city-said').allInnerTexts();
    expect(said[0]).toMatch(/^Inspection: 1 job waits, and no worker takes this kind/);
    expect(said[1]).toMatch(/^1 camera is down \(HLS_TIMEOUT\): its jobs wait\./);
    expect(said.slice(2).join('\n')).toContain('1 camera was not seen for too long.');
    expect(said.slice(2).join('\n')).toContain('1 job was given up in the last hour (HLS_NO_VIDEO).');
  });

  it('counts cameras by state, names those that fail with the reason, and leads to them', async () => {
    const page = await there().visit('', { token: there().token });
    await page.locator('.city-counts').waitFor();
    expect(await page.locator('.city-counts dd').allInnerTexts()).toEqual(['4', '2', '1', '1']);
    const named = page.locator('.city-list li', { hasText: 'School lane' });
    expect(await named.innerText()).toMatch(/HLS_TIMEOUT for .*\n?.*No picture came within 10 s/);
    await page.locator('.city-counts a').nth(2).click();
    expect(page.url()).toMatch(/\/ui\/cameras\?state=down$/);
  });

  it('goes on live: a pause is told without a reload', async () => {
    const page = await there().visit('', { token: there().token });
    await page.locator('.city-queues dd').first().waitFor();
    await there().call('PATCH', '/api/v1/workers', { paused: true });
    await page.getByText(/Assessment: no job is taken \(0 to do\)\. Paused by an operator/).waitFor();
    await there().call('PATCH', '/api/v1/workers', { paused: false });
    await page.getByText(/no job is taken/).waitFor({ state: 'detached' });
    expect(there().faults).toEqual([]);
  });

  it('misses nothing that happened while the service was killed', async () => {
    const page = await there().visit('', { token: there().token });
    await page.locator('.live.on').waitFor();
    await page.locator('.city-counts dd').first().getByText('4').waitFor();
    await there().restart(() => inspected(redis, 'cctv_005'));
    await page.locator('.city-counts dd').first().getByText('5').waitFor();
    await page.locator('.live.on').waitFor();
    expect(there().faults).toEqual([]);
  }, 60_000);
});
