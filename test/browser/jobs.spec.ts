import { beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../support/redis-server.js';
import { useRedis } from '../support/use-redis.js';
import { House, TOKENS } from './house.js';

let house: House | undefined;
let nobody: string;
const { server, redis } = useRedis({ endFirst: () => house?.close() ?? Promise.resolve() });
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

describe('the page of dead letters', () => {
  const DLQ = 'stream:preprocess:dlq';

  async function fill(code: string, count: number): Promise<void> {
    for (let n = 0; n < count; n += 1) {
      const ours = {
        code,
        message: 'The camera has moved <b>away</b>: correct CAMERAS_FILE.',
        step: 'capture',
        attempts: 3,
      };
      const more = { lastAt: '2026-01-01T10:05:00.000Z', stream: 'stream:preprocess' };
      const own = Object.entries({ ...ours, ...more }).flatMap(([name, value]) => [
        `roadstream:${name}`,
        String(value),
      ]);
      await redis.xadd(DLQ, '*', 'cctvId', `cam_${n % 3}`, 'hls', nobody, 'sec', '5', 'jobId', `${code}-${n}`, ...own);
    }
  }

  it('says by reason how many, of which cameras and what to do, and puts a group back slowly', async () => {
    await there().call('POST', '/control/pause');
    await fill('HLS_MOVED', 40);
    const page = await open('dead-letters');
    const group = page.getByRole('region', { name: 'HLS_MOVED' });
    await group.getByText('The camera has moved <b>away</b>: correct CAMERAS_FILE.').waitFor();
    expect(await group.innerText()).toMatch(/40 HLS_MOVED[^]*3 cameras: *cam_/);
    await group.getByRole('button', { name: 'Show them' }).click();
    await page.getByRole('button', { name: 'Put back', exact: true }).first().click();
    await group.getByRole('button', { name: 'Put 39 back' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByLabel('Slowly').isChecked()).toBe(true);
    await dialog.getByLabel('Jobs a minute').fill('20');
    await dialog.getByText('The last one will run in about 117 s').waitFor();
    await dialog.getByRole('button', { name: 'Put back' }).click();
    await group.waitFor({ state: 'detached' });
    expect(await redis.xlen(DLQ)).toBe(1);
    expect(await redis.exists('{stream:preprocess}:redriven')).toBe(1);
  });

  it('deletes a group for good only for who types how many there are', async () => {
    await fill('HLS_BAD', 12);
    const page = await open('dead-letters');
    await page.getByRole('region', { name: 'HLS_BAD' }).getByRole('button', { name: 'Delete 12' }).click();
    const really = page.getByRole('dialog').getByRole('button', { name: 'Delete for good' });
    expect(await really.isDisabled()).toBe(true);
    await page.getByLabel('Type 12 to delete them').fill('11');
    expect(await really.isDisabled()).toBe(true);
    await page.getByLabel('Type 12 to delete them').fill('12');
    await fill('HLS_BAD', 1);
    await really.click();
    await page.getByRole('dialog').getByText('There are 13 such dead letters').waitFor();
    expect(await redis.xlen(DLQ)).toBe(14);
  });

  it('shows a viewer all this, and no way to change it', async () => {
    const page = await open('dead-letters?code=HLS_BAD', { token: TOKENS.viewer });
    await page.getByRole('cell', { name: 'cam_1' }).first().waitFor();
    expect(await page.getByRole('button', { name: /Delete|Put/ }).count()).toBe(0);
  });

  it.each(['jobs?state=failed', 'dead-letters?code=HLS_BAD'])(
    '/ui/%s has no fault in either scheme and language, wide and narrow',
    async (path) => expect(await there().blame(path)).toEqual([]),
  );
});
