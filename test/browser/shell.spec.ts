import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { useRedis } from '../support/use-redis.js';
import { House, settled } from './house.js';

let house: House | undefined;
const { server } = useRedis({ endFirst: () => house?.close() ?? Promise.resolve() });
const there = (): House => house!;
beforeAll(async () => {
  house = await House.open({ REDIS_URL: server.url });
}, 90_000);

const texts = (language: string): Record<string, Record<string, string>> =>
  JSON.parse(
    readFileSync(new URL(`../../../src/dashboard/client/i18n/${language}.json`, import.meta.url), 'utf8'),
  ) as Record<string, Record<string, string>>;
const keysOf = (language: string): string[] =>
  Object.entries(texts(language)).flatMap(([section, all]) => Object.keys(all).map((key) => `${section}.${key}`));

describe('the page', () => {
  it('has each text in English and in Korean, with the same values in it', () => {
    expect(keysOf('ko')).toEqual(keysOf('en'));
    const valuesOf = (text: string): string[] => [...text.matchAll(/\{(\w+)/g)].map(([, name]) => name!).sort();
    const [en, ko] = [texts('en'), texts('ko')];
    for (const [section, all] of Object.entries(en)) {
      for (const [key, text] of Object.entries(all)) {
        const wanted = new Set(valuesOf(text));
        for (const name of valuesOf(ko[section]![key]!)) expect([key, wanted.has(name)]).toEqual([key, true]);
      }
    }
  });

  it('leads from its menu to each page, without a fault and without loading anew', async () => {
    const page = await there().visit('', { token: there().token });
    let loads = 0;
    page.on('request', (request) => (loads += Number(request.isNavigationRequest())));
    const menu = page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
    await menu.first().waitFor();
    const names = await menu.allInnerTexts();
    expect(names).toHaveLength(9);
    for (const name of names) {
      await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();
      await page.locator('nav [aria-current=page]', { hasText: name }).waitFor();
      await settled(page);
    }
    expect(loads).toBe(0);
    expect(there().faults).toEqual([]);
  });

  it('shows who is not signed in how to, takes a token, and forgets it on signing out', async () => {
    const page = await there().visit('jobs');
    await page.getByLabel('Token').fill('a-wrong-token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Token').fill(there().token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Jobs' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Token').waitFor();
    expect(there().faults).toEqual([]);
  });

  it('is where a browser goes from the bare address; programs get the list', async () => {
    const { url } = there().service;
    const browser = await fetch(`${url}/`, { headers: { Accept: 'text/html,*/*;q=0.8' }, redirect: 'manual' });
    expect([browser.status, browser.headers.get('location')]).toEqual([302, 'ui/']);
    expect(await (await fetch(`${url}/`)).json()).toMatchObject({ service: 'roadstream', page: '/ui/' });
  });

  it('comes with a policy that allows nothing inline, and its files may be kept for good', async () => {
    const { url } = there().service;
    const index = await fetch(`${url}/ui/cameras/x`);
    expect(index.headers.get('cache-control')).toBe('no-store');
    expect(index.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'; /,
    );
    const [, script] = /src="([^"]+)"/.exec(await index.text())!;
    const file = await fetch(new URL(script!, `${url}/ui/cameras/x`));
    expect([file.status, file.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
    expect(await file.text()).not.toContain('unsafe-inline');
  });
});
