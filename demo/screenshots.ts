import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const SIZE = { width: 1280, height: 800 };
const JPEG_QUALITY = 80;

/** What is shown, in which colours, and what has to be there first. */
const SHOTS = [
  { file: 'dashboard-city.jpg', path: '', colorScheme: 'light', ready: '.city-counts' },
  { file: 'dashboard-camera.jpg', path: 'cameras/cctv_002', colorScheme: 'dark', ready: 'main img' },
] as const;

/** Takes pictures of the page in Chromium, for the README; gives their files. @param folder made if it is not there */
export async function writeScreenshots(folder: string, url: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const executablePath = execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const files: string[] = [];
    for (const { file, path, colorScheme, ready } of SHOTS) {
      const page = await browser.newPage({ viewport: SIZE, colorScheme, locale: 'en-US' });
      await page.goto(`${url}/ui/${path}`, { waitUntil: 'load' });
      await page.locator(ready).first().waitFor();
      await page.locator('.live.on').waitFor();
      await page.evaluate('Promise.all([...document.images].map((each) => each.decode().catch(() => undefined)))');
      files.push(join(folder, file));
      await page.screenshot({ path: join(folder, file), type: 'jpeg', quality: JPEG_QUALITY });
    }
    return files;
  } finally {
    await browser.close();
  }
}
