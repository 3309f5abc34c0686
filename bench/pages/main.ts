import { parseArgs } from 'node:util';
import { heapOf, seedLargeCity } from '../../test/browser/large-city.js';
import { House, settled } from '../../test/browser/house.js';
import { RedisServer } from '../../test/support/redis-server.js';

/** Pages that show many cameras or findings, below `/ui/`. */
const PAGES = ['', 'cameras', 'cameras?view=map', 'findings', 'review', 'jobs'];
const FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime";

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

/** What one page costs a browser that has seen none before. Times in ms since it was asked for. */
async function measure(house: House, path: string) {
  const page = await house.visit(path, { token: house.token });
  await settled(page);
  const readMs = Math.round(await page.evaluate<number>('performance.now()'));
  const firstPaintMs = Math.round(await page.evaluate<number>(FIRST_PAINT));
  // The page itself is none of its resources.
  const requests = 1 + (await page.evaluate<number>("performance.getEntriesByType('resource').length"));
  const heapMB = Math.round((await heapOf(page)) / 1e6);
  await page.context().close();
  return { page: `/ui/${path}`, firstPaintMs, readMs, requests, heapMB };
}

const redis = await RedisServer.start();
const file = await seedLargeCity(redis.client(), redis.url);
const house = await House.open({ REDIS_URL: redis.url, CAMERAS_FILE: file, ROLES: 'assess' });
const rows = [];
for (const path of PAGES) rows.push(await measure(house, path));
await house.close();
await redis.stop();
if (values.json) console.log(JSON.stringify(rows));
else console.table(rows);
