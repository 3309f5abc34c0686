import { beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../support/redis-server.js';
import { useRedis } from '../support/use-redis.js';
import { House } from './house.js';

let house: House | undefined;
let nobody: string;
const { server } = useRedis({ endFirst: () => house?.close() ?? Promise.resolve() });
const there = (): House => house!;
beforeAll(async () => {
  nobody = `http://127.0.0.1:${await freePort()}/live.m3u8`;
  house = await House.open({
    REDIS_URL: server.url,
    ROLES: 'inspect',
    RETRY_BASE_SECONDS: '0.1',
    REDIS_MAX_RETRY: '2',
    OUTBOUND_ALLOW: '127.0.0.1',
  });
}, 90_000);

const open = (path: string, more: Parameters<House['visit']>[1] = {}) =>
  there().visit(path, { token: there().token, ...more });

describe('the page of jobs', () => {
  it('asks for an inspection, and shows live what its attempts did, why it failed and what to do', async () => {
    const page = await open('jobs');
    await page.getByRole('button', { name: 'Ask for an inspection' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Camera', { exact: true }).fill('cctv_404');
    await form.getByLabel('Playlist').fill(nobody);
    await form.getByRole('button', { name: 'Ask for an inspection' }).click();
    await page.getByText('Attempt 3').waitFor();
    const attempts = await page.locator('.timeline li').allInnerTexts();
    expect(attempts.map((text) => /failed, tried again|given up/.exec(text)?.[0])).toEqual([
      ...['failed, tried again', 'failed, tried again', 'given up'],
    ]);
    expect(attempts[0]).toContain('Watching');
    expect(await page.locator('.now.bad code').innerText()).toMatch(/^HLS_/);
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.locator('.facts .badge', { hasText: 'failed' }).waitFor({ state: 'detached' });
    expect(await there().objections(page)).toEqual([]);
  });

  it('lists jobs by state with counts and keeps its filters in the address', async () => {
    const page = await open('jobs?state=failed');
    await page.getByRole('cell', { name: 'cctv_404' }).first().waitFor();
    await page.getByLabel('Camera').fill('nobody');
    await page.getByLabel('Camera').press('Enter');
    await page.getByText('No job is like this.').waitFor();
    expect(new URL(page.url()).search).toBe('?state=failed&cctvId=nobody');
    await page.reload();
    await page.getByText('No job is like this.').waitFor();
    await page.getByRole('button', { name: /^All/ }).click();
    await page.getByLabel('Camera').fill('');
    await page.getByLabel('Camera').press('Enter');
    await page.getByRole('link', { name: 'cctv_404' }).first().waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  it('lets a job that waits be moved up and called off', async () => {
    await there().call('POST', '/control/pause');
    const page = await open('jobs');
    const { id } = await there().call<{ id: string }>('POST', '/api/v1/jobs', {
      cctvId: 'cctv_wait',
      hls: nobody,
      sec: 5,
    });
    await page.getByRole('link', { name: id }).click();
    await page.getByRole('button', { name: 'Move up' }).click();
    await page.locator('.facts').getByText('urgent').waitFor();
    await page.getByRole('button', { name: 'Call off' }).click();
    await page.locator('.facts').getByText('called off').waitFor();
    await there().call('POST', '/control/resume');
    expect(there().faults).toEqual([]);
  });
});
