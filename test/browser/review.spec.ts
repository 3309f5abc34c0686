import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { connect } from '../../src/redis/connection.js';
import { Link } from '../../src/redis/link.js';
import { markOf, seedVisit } from '../findings/seed.js';
import { useRedis } from '../support/use-redis.js';
import { House, settled, TOKENS } from './house.js';
import { camerasFile } from './seeds.js';

let house: House | undefined;
let link: Link;
const { server } = useRedis({ endFirst: () => house?.close() ?? Promise.resolve() });
const there = (): House => house!;

/** Findings in a grid, so that none lies upon another. */
const grid = (camera: string, count: number) =>
  Array.from({ length: count }, (_, n) =>
    markOf(`${camera}-${n}`, 10 + (n % 5) * 50, 10 + Math.floor(n / 5) * 30, { class: 'D40', severity: 'high' }),
  );

beforeAll(async () => {
  const file = await camerasFile([{ cctvId: 'touched', location: { lat: 37.5, lon: 127 } }, { cctvId: 'many' }]);
  house = await House.open({ REDIS_URL: server.url, ROLES: 'schedule', CAMERAS_FILE: file });
  link = new Link(connect({ url: server.url }, 'producer'));
  await seedVisit(link, 'keyed', grid('keyed', 20));
  await seedVisit(link, 'touched', grid('touched', 3));
  await seedVisit(link, 'shared', grid('shared', 2));
  await seedVisit(link, 'many', grid('many', 10));
}, 90_000);
afterAll(() => link.close());

const open = (path: string, more: Parameters<House['visit']>[1] = {}) =>
  there().visit(path, { token: there().token, ...more });

const shown = (page: Page) => page.locator('article[data-finding]');
const idOn = async (page: Page): Promise<string> => (await shown(page).getAttribute('data-finding')) ?? '';
const gone = (page: Page, id: string) => page.locator(`article[data-finding="${id}"]`).waitFor({ state: 'detached' });
const statesOf = async (camera: string): Promise<string[]> => {
  const { items } = await there().call<{ items: { state: string }[] }>(
    'GET',
    `/api/v1/findings?cctvId=${camera}&limit=100`,
  );
  return items.map(({ state }) => state).sort();
};

describe('the page of reviews', () => {
  it('lets twenty findings be reviewed by keyboard alone, one taken back', async () => {
    const page = await open('review?cctvId=keyed');
    for (let n = 0; n < 20; n += 1) {
      await shown(page).waitFor();
      const id = await idOn(page);
      for (const key of n % 2 === 0 ? ['a', 'a'] : ['r', String((n % 8) + 1)]) await page.keyboard.press(key);
      await gone(page, id);
    }
    await page.getByText('Nothing is to be looked at.').waitFor();
    expect(await statesOf('keyed')).toEqual([
      ...Array.from({ length: 10 }, () => 'accepted'),
      ...Array.from({ length: 10 }, () => 'rejected'),
    ]);
    await page.keyboard.press('z');
    await shown(page).waitFor();
    const id = await idOn(page);
    await page.keyboard.press('n');
    await page.keyboard.type('Ask the <i>road</i> office');
    await page.keyboard.press('Escape');
    await page.keyboard.press('f');
    await gone(page, id);
    const finding = await there().call<object>('GET', `/api/v1/findings/${id}`);
    expect(finding).toMatchObject({ state: 'repaired', note: 'Ask the <i>road</i> office' });
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  });

  it('leaves people at what they began when it reads everything again', async () => {
    const page = await open('review?cctvId=shared');
    await shown(page).waitFor();
    await page.keyboard.press('j');
    const id = await idOn(page);
    await page.keyboard.press('n');
    await page.keyboard.type('Half a note');
    await page.keyboard.press('Escape');
    await page.keyboard.press('r');
    const readAgain = page.waitForResponse(/findings\?/);
    await there().restart(async () => {});
    await readAgain;
    await page.locator('.live.on').waitFor();
    expect(await idOn(page)).toBe(id);
    expect(await page.locator('textarea').inputValue()).toBe('Half a note');
    await page.getByRole('button', { name: 'Shadow' }).waitFor();
  });

  it('is done by touch at 390 px', async () => {
    const page = await open('review?cctvId=touched', { width: 390, height: 844, hasTouch: true });
    for (const [verb, answer] of [
      ['Accept', 'Utility cut'],
      ['Reject', 'Shadow'],
    ] as const) {
      await shown(page).waitFor();
      const id = await idOn(page);
      await page.getByRole('button', { name: verb }).tap();
      await page.getByRole('button', { name: answer }).tap();
      await gone(page, id);
    }
    expect(await statesOf('touched')).toEqual(['accepted', 'open', 'rejected']);
  });

  it('shows who came too late who was faster and what they said, and takes what others reviewed away', async () => {
    const late = await open('review?cctvId=shared');
    await shown(late).waitFor();
    const id = await idOn(late);
    // The other one's answer comes while our own is on its way.
    await late.route('**/review', async (route) => {
      const other = await open(`review?id=${id}`, { token: TOKENS.inspector });
      await shown(other).waitFor();
      for (const key of ['r', '1']) await other.keyboard.press(key);
      await gone(other, id);
      await other.context().close();
      // A page behind another one draws nothing.
      await late.bringToFront();
      await route.continue();
    });
    for (const key of ['a', '1']) await late.keyboard.press(key);
    const alert = late.getByRole('alert');
    await alert.getByText('Somebody else was faster').waitFor();
    expect(await alert.innerText()).toMatch(/inspector: rejected \(Shadow\)/);
    expect(await idOn(late)).toBe(id);
    await late.unroute('**/review');

    await late.keyboard.press('j');
    await late.getByRole('alert').waitFor({ state: 'detached' });
    const next = await idOn(late);
    const { version } = await there().call<{ version: number }>('GET', `/api/v1/findings/${next}`);
    await there().call('POST', `/api/v1/findings/${next}/review`, { decision: 'repair', version });
    await gone(late, next);
  });
});

describe('the page of findings', () => {
  it('reviews those that were ticked, with Shift a whole stretch, and all that the filter names, with their number first', async () => {
    const page = await open('findings?cctvId=many');
    const boxes = page.getByRole('checkbox', { name: /^Choose:/ });
    await boxes.first().click();
    await boxes.nth(2).click({ modifiers: ['Shift'] });
    await page.getByText('3 of 10 chosen').waitFor();
    await page.getByLabel('Work order').fill('WO-7');
    await page.getByRole('button', { name: 'Accept', exact: true }).click();
    await page.getByRole('button', { name: 'Yes, all 3' }).click();
    await page.getByRole('cell', { name: 'WO-7' }).nth(2).waitFor();

    await page.getByRole('button', { name: /^to look at/ }).click();
    await page.getByRole('cell', { name: 'accepted' }).first().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'All that the filter names' }).click();
    await page.getByRole('button', { name: 'Reject', exact: true }).click();
    await page.getByRole('dialog', { name: 'Reject 7 findings?' }).waitFor();
    await page.getByRole('button', { name: 'Yes, all 7' }).click();
    await page.getByText('No finding is like this.').waitFor();
    expect(new URL(page.url()).search).toBe('?cctvId=many&state=open');
    expect((await statesOf('many')).filter((state) => state === 'rejected')).toHaveLength(7);
  });

  it('exports what the filter names', async () => {
    const page = await open('findings?cctvId=many');
    await settled(page);
    for (const name of ['CSV', 'GeoJSON', 'COCO']) {
      const href = (await page.getByRole('link', { name, exact: true }).getAttribute('href')) ?? '';
      expect(new URL(href).search).toBe('?cctvId=many');
      const answer = await page.request.get(href);
      expect([name, answer.status()]).toEqual([name, 200]);
    }
  });

  it.each(['review?cctvId=touched', 'findings', 'findings?view=map'])(
    '/ui/%s has no fault in either scheme and language, wide and narrow',
    async (path) => expect(await there().blame(path)).toEqual([]),
  );
});
