import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { useRedis } from '../support/use-redis.js';
import { House, settled, TOKENS } from './house.js';
import { CAMERAS, heapOf, idOf, seedLargeCity } from './large-city.js';
import { inspected } from './seeds.js';

const MOST_REQUESTS = 60;
const MOST_HEAP_BYTES = 150e6;
/** What somebody who would like a script to run calls a camera. */
const XSS = '<img src=x onerror="document.title=1"><script>alert(1)</script>"\'{{7*7}}';

let house: House | undefined;
const { server, redis } = useRedis({ endFirst: () => house?.close() ?? Promise.resolve() });
const there = (): House => house!;
beforeAll(async () => {
  const file = await seedLargeCity(redis, server.url, XSS);
  house = await House.open({ REDIS_URL: server.url, CAMERAS_FILE: file, ROLES: 'assess' });
}, 90_000);

const open = (path: string, token: string = TOKENS.operator): Promise<Page> => there().visit(path, { token });
const card = (page: Page): Promise<void> => page.locator('.cameras-card').first().waitFor();
const names = (page: Page): Promise<string[]> => page.locator('.cameras-name').allInnerTexts();

describe('the page of cameras', () => {
  it('has no fault as a wall, in either scheme and language, wide or narrow', async () => {
    expect(await there().blame('cameras?tag=bridge', card)).toEqual([]);
  });

  it('has no fault as a map, in either scheme and language, wide or narrow', async () => {
    const ready = (page: Page): Promise<void> => page.locator('.map-mark').first().waitFor();
    expect(await there().blame('cameras?view=map&tag=bridge', ready)).toEqual([]);
  });

  it.each(['', 'cameras', 'findings', 'review'])(
    'shows 500 cameras and 20,000 findings in fewer than 60 requests and 150 MB: /ui/%s',
    async (path) => {
      const page = await open(path);
      let requests = 0;
      page.on('request', () => (requests += 1));
      await page.reload();
      await settled(page);
      await page.waitForLoadState('load');
      await page.locator('.live.on').waitFor();
      expect(requests).toBeLessThan(MOST_REQUESTS);
      expect(await heapOf(page)).toBeLessThan(MOST_HEAP_BYTES);
      await page.context().close();
    },
  );

  it('reads the wall page by page', async () => {
    const page = await open('cameras');
    await card(page);
    expect(await page.locator('.cameras-card').count()).toBe(50);
    await page.getByRole('button', { name: 'More' }).click();
    await page.locator('.cameras-card').nth(99).waitFor();
    await page.context().close();
  });

  it('counts 20,000 findings', async () => {
    const page = await open('');
    await page
      .getByText(/^20,?000$/)
      .first()
      .waitFor();
    await page.context().close();
  });

  it('shows all 500 on the map, and opens one of them', async () => {
    const page = await open('cameras?view=map');
    await page
      .locator('.map-mark')
      .nth(CAMERAS - 1)
      .waitFor({ state: 'attached' });
    await page.locator('.map-mark[title="Camera 499"]').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/ui/cameras/${idOf(499)}`);
  });

  it('keeps its filters in the address', async () => {
    const page = await open('cameras');
    await page.getByLabel('Tag').fill('bridge');
    await page.getByLabel('Tag').press('Enter');
    await page.getByRole('button', { name: 'Inspect 10 cameras now' }).waitFor();
    await page.getByRole('button', { name: /^Down/ }).click();
    await page.getByText('No camera is like this.').waitFor();
    expect(new URL(page.url()).search).toBe('?tag=bridge&state=down');
    await page.getByLabel('Tag').fill('');
    await page.getByLabel('Tag').press('Enter');
    await card(page);
    expect(await names(page)).toEqual(['Camera 3']);
    expect(await page.locator('.cameras-badges').innerText()).toMatch(/medium[^]*Down: HLS_TIMEOUT/);
  });

  it('asks for an inspection of one, and of all that the filter names after it has said how many', async () => {
    const page = await open('cameras?tag=bridge');
    await page.getByRole('button', { name: 'Inspect 10 cameras now' }).click();
    const question = page.getByRole('dialog');
    expect(await question.innerText()).toContain('10 inspections are queued');
    await question.getByRole('button', { name: 'Inspect 10 cameras now' }).click();
    await question.getByText('10 queued, 0 refused.').waitFor();
    await question.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: `Inspect now: ${idOf(50)}` }).click();
    await page.waitForURL('**/ui/jobs/*');
    expect(await redis.xlen('stream:preprocess')).toBe(11);
  });

  it('shows a name as text, whatever is in it, on the wall and on the map', async () => {
    const page = await open(`cameras?q=${idOf(1)}&road=Road 1`);
    await card(page);
    expect((await names(page))[0]).toBe(XSS);
    await page.getByRole('button', { name: 'Map' }).click();
    await page.locator('.map-mark').first().hover();
    expect(await page.locator('.leaflet-tooltip').innerText()).toBe(XSS);
    expect(await page.locator('main img, main script').count()).toBe(0);
  });

  it('asks nothing while the tab is hidden, and reads once when it is seen again', async () => {
    const page = await open('');
    await page.clock.install();
    await page.reload();
    await page.locator('.live.on').waitFor();
    const see = (state: 'hidden' | 'visible'): Promise<unknown> =>
      page.evaluate(`Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
        document.dispatchEvent(new Event('visibilitychange'))`);
    await see('hidden');
    await page.locator('.live.off').waitFor();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await inspected(redis, idOf(0));
    await there().call('GET', '/api/v1/queue');
    // Longer than any page waits between two looks of its own.
    await page.clock.runFor(120_000);
    expect(asked).toEqual([]);
    await see('visible');
    await page.locator('.live.on').waitFor();
    expect(asked.some((url) => url.includes('/events'))).toBe(true);
  });

  it('has nothing to ask for with for a viewer', async () => {
    const page = await open('cameras', TOKENS.viewer);
    await card(page);
    expect(await page.getByRole('button', { name: /Inspect/ }).count()).toBe(0);
    expect(there().faults).toEqual([]);
  });
});
