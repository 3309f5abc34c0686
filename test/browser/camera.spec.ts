import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { parseCameras } from '../../src/cameras/cameras-file.js';
import { TransientStepError } from '../../src/job/errors.js';
import { BreakerStore } from '../../src/worker/breaker/breaker-store.js';
import { eventually } from '../support/eventually.js';
import { useRedis } from '../support/use-redis.js';
import { seedCamera, SEEDED, SHIFT, SIZE } from './camera-seed.js';
import { House, TOKENS } from './house.js';

const NAMES = {
  lanes: ['stream:preprocess:high', 'stream:preprocess'],
  dlq: 'stream:preprocess:dlq',
  group: 'workers',
};
const EVIL = '<img src=x onerror=alert(1)>{{7*7}}"\'';
const HLS = 'https://cam.example/a.m3u8?token=hunter2';

let house: House | undefined;
const { server, redis } = useRedis({ endFirst: () => house?.close() ?? Promise.resolve() });
const there = (): House => house!;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'camera-page-'));
  const file = join(folder, 'cameras.json');
  const described = { cctvId: SEEDED, name: '강남역 4번 출구', road: 'Gangnam-daero', tags: ['bus lane'], hls: HLS };
  writeFileSync(
    file,
    JSON.stringify({
      cameras: [
        { ...described, record: false },
        { cctvId: 'new_01', name: EVIL },
      ],
    }),
  );
  const environment = {
    REDIS_URL: server.url,
    CAMERAS_FILE: file,
    SEGMENTS_DIR: join(folder, 'segments'),
    ROLES: 'assess',
  };
  house = await House.open(environment);
  await seedCamera(redis, house.service.artifacts, join(folder, 'segments'));
  await eventually('all visits are noted', async () => {
    const seen = await there().call<{ items?: unknown[] }>('GET', `/api/v1/cameras/${SEEDED}/visits`);
    return seen.items?.length === 30;
  });
}, 120_000);

const visit = (path = '', token: string = TOKENS.operator): Promise<Page> =>
  there().visit(`cameras/${SEEDED}${path}`, { token });

describe('the page of a camera', () => {
  it.each(['', '?tab=compare', '?tab=recordings', '?tab=calibrate'])(
    'has no fault in either scheme, language and width: %s',
    async (tab) => {
      const ready = (page: Page) => page.locator('.camera-stage img, .camera-video').first().waitFor();
      expect(await there().blame(`cameras/${SEEDED}${tab}`, ready)).toEqual([]);
    },
  );

  it('shows the last clear picture with its marks, which can be hidden, and every visit of the strip', async () => {
    const page = await visit();
    await page.locator('.camera-mark').nth(1).waitFor();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain('강남역 4번 출구');
    await page.getByLabel('Show marks').uncheck();
    expect(await page.locator('.camera-mark').count()).toBe(0);
    const bars = page.locator('.camera-strip button');
    expect(await bars.count()).toBe(30);
    expect(await page.locator('.camera-fill-unsure').count()).toBe(4);
    await bars.nth(3).click();
    await page.getByText('Rain on the lens blurs the road').waitFor();
    expect(page.url()).toContain('visit=');
    await page.keyboard.press('ArrowRight');
    await page.getByText('1.2 % of the road is marked.').waitFor();
    expect(await bars.nth(4).getAttribute('aria-pressed')).toBe('true');
    await page.context().close();
  });

  it('lays two visits upon each other within 2 px, with a slider for the keyboard', async () => {
    const page = await visit('?tab=compare');
    await page.getByText('Both show the same').waitFor();
    const matrix = await page.evaluate<{ x: number; y: number }>(`(() => {
      const image = document.querySelector('.camera-over img');
      const { m41, m42 } = new DOMMatrix(getComputedStyle(image).transform);
      return { x: m41 / image.clientWidth, y: m42 / image.clientHeight };
    })()`);
    // What the later picture shows lies further left and lower by the shift: it is moved back.
    expect(Math.abs(matrix.x * SIZE.width - SHIFT.x)).toBeLessThan(2);
    expect(Math.abs(matrix.y * SIZE.height - SHIFT.y)).toBeLessThan(2);
    const slider = page.getByRole('slider');
    await slider.focus();
    for (let i = 0; i < 3; i += 1) await page.keyboard.press('ArrowLeft');
    expect(await slider.inputValue()).toBe('47');
    expect(await page.evaluate(`document.querySelector('.camera-line').style.left`)).toBe('47%');
    await page.keyboard.press('Home');
    expect(await slider.inputValue()).toBe('0');
    await page.context().close();
  });

  it('moves the slider by touch', async () => {
    const page = await there().visit(`cameras/${SEEDED}?tab=compare`, {
      token: TOKENS.viewer,
      width: 390,
      hasTouch: true,
    });
    await page.getByText('Both show the same').waitFor();
    const box = (await page.locator('.camera-slider').boundingBox())!;
    await page.touchscreen.tap(box.x + 0.25 * box.width, box.y + 0.5 * box.height);
    await page.waitForFunction(`document.querySelector('.camera-line').style.left === '25%'`);
    await page.context().close();
  });

  it('gives lines for CAMERAS_FILE that its reader takes', async () => {
    const page = await visit('?tab=calibrate');
    const stage = page.locator('.camera-stage');
    await stage.locator('img').waitFor();
    const click = async (points: [number, number][]): Promise<void> => {
      const box = (await stage.boundingBox())!;
      for (const [x, y] of points) await stage.click({ position: { x: x * box.width, y: y * box.height } });
    };
    await click([
      [0.3, 0.35],
      [0.7, 0.35],
      [0.98, 0.98],
      [0.02, 0.98],
    ]);
    await page.getByRole('button', { name: 'Measured rectangle' }).click();
    await click([
      [0.42, 0.45],
      [0.9, 0.95],
      [0.58, 0.45],
      [0.1, 0.95],
    ]);
    await page.getByText('The order is far left').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await click([
      [0.42, 0.45],
      [0.58, 0.45],
      [0.9, 0.95],
      [0.1, 0.95],
    ]);
    await page.getByRole('button', { name: 'Point 1' }).press('ArrowRight');
    await page.getByLabel('Along the road, m').fill('24.5');
    const entry = await page.getByLabel('For CAMERAS_FILE').inputValue();
    const limits = { maxSeconds: 600, secrets: { secret: () => undefined } };
    const camera = parseCameras(`{"cameras":[${entry}]}`, limits).get(SEEDED)!;
    expect(camera.region).toHaveLength(4);
    expect(camera.calibration).toMatchObject({ widthM: 7, lengthM: 24.5 });
    expect(Math.abs(camera.calibration!.corners[0][0] - 0.422)).toBeLessThan(0.002);
    await page.context().close();
  });

  it('asks for an inspection, normal or urgent, and leads to the job', async () => {
    const page = await visit('', TOKENS.inspector);
    await page.getByRole('button', { name: 'Urgently' }).click();
    const job = (await page.locator('.camera-asked a').getAttribute('href'))!;
    const id = decodeURIComponent(job.split('/').at(-1)!);
    expect(await there().call('GET', `/api/v1/jobs/${id}`)).toMatchObject({ cctvId: SEEDED, priority: 'urgent' });
    await page.context().close();
    const viewer = await visit('', TOKENS.viewer);
    await viewer.locator('.camera-stage').waitFor();
    expect(await viewer.getByRole('button', { name: 'Inspect now' }).count()).toBe(0);
    expect(await viewer.getByRole('button', { name: 'Mark missed damage' }).count()).toBe(0);
    await viewer.context().close();
  });

  it('notes damage that was missed, in the box that an inspector draws', async () => {
    const page = await visit('', TOKENS.inspector);
    const stage = page.locator('.camera-stage');
    await stage.locator('img').waitFor();
    await page.getByRole('button', { name: 'Mark missed damage' }).click();
    await stage.scrollIntoViewIfNeeded();
    const box = (await stage.boundingBox())!;
    const to = (x: number, y: number): [number, number] => [box.x + x * box.width, box.y + y * box.height];
    await page.mouse.move(...to(0.25, 0.6));
    await page.mouse.down();
    await page.mouse.move(...to(0.3, 0.65));
    await page.mouse.move(...to(0.35, 0.7));
    await page.mouse.up();
    await page.getByLabel('What it is').selectOption('D20');
    await page.getByLabel('Note').fill('Deep.');
    await page.getByRole('button', { name: 'Report it' }).click();
    await page.getByText('marked by a person').waitFor();
    const { items } = await there().call<{ items: Record<string, unknown>[] }>(
      'GET',
      `/api/v1/findings?cctvId=${SEEDED}`,
    );
    expect(items).toMatchObject([{ class: 'D20', missed: true, note: 'Deep.' }]);
    const drawn = items[0]!['box'] as Record<string, number>;
    for (const [name, share] of Object.entries({ x: 0.25, y: 0.6, width: 0.1, height: 0.1 }))
      expect(Math.abs(drawn[name]! - share)).toBeLessThan(0.005);
    const link = page.getByRole('link', { name: /Alligator crack/ });
    expect(await link.getAttribute('href')).toContain(`review?id=${String(items[0]!['id'])}`);
    expect(await page.locator('.camera-own').count()).toBe(1);
    await page.context().close();
  });

  it('shows what was seen in a recording, on a line of its time, and jumps there', async () => {
    const page = await visit('?tab=recordings');
    await page.getByText('Two cars touch while one changes lanes.').waitFor();
    await page.getByText('A van <img src=x onerror=window.hit=1>stands in the right lane.').waitFor();
    expect(await page.evaluate('window.hit')).toBeUndefined();
    expect(await page.locator('.camera-event').count()).toBe(2);
    await page.waitForFunction(`document.querySelector('video').duration > 19`);
    await page.getByRole('button', { name: '0:12' }).click();
    await page.waitForFunction(`document.querySelector('video').currentTime >= 12`);
    await page.context().close();
  });

  it('says why a camera is down, and that nothing was seen of a new one', async () => {
    const store = new BreakerStore(redis, NAMES);
    const policy = { failures: 1, cooldownMs: 60_000, longestCooldownMs: 60_000 };
    await store.failed(SEEDED, policy, new TransientStepError('HLS_TIMEOUT', `No picture came from ${HLS}.`));
    const page = await visit();
    await page.getByText('Down', { exact: true }).waitFor();
    const why = await page.locator('.camera-why').innerText();
    expect(why).toContain('HLS_TIMEOUT');
    expect(why).not.toContain('hunter2');
    await page.context().close();
    const other = await there().visit('cameras/new_01', { token: TOKENS.viewer });
    await other.getByText('No inspection of this camera has finished yet.').waitFor();
    expect(await other.getByRole('heading', { level: 1 }).innerText()).toContain(EVIL);
    await other.context().close();
    expect(there().faults).toEqual([]);
  });
});
