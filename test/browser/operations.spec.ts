import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { MACHINE_CLOCK } from '../../src/lib/clock.js';
import { connect } from '../../src/redis/connection.js';
import { Link } from '../../src/redis/link.js';
import { EndpointStates } from '../../src/webhooks/endpoints/endpoint-states.js';
import { WEBHOOK_GROUP } from '../../src/webhooks/webhook.kind.js';
import { useRedis } from '../support/use-redis.js';
import { House, TOKENS } from './house.js';

const WEBHOOK_URL = 'https://desk.example/road-jobs?key=secret';
/** A camera that lets whoever asks wait. */
const silent = createServer(() => undefined);

let house: House | undefined;
let asked = 0;
const close = async (): Promise<void> => {
  silent.closeAllConnections();
  silent.close();
  await house?.close();
};
const { server } = useRedis({ endFirst: close });
const there = (): House => house!;
beforeAll(async () => {
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  house = await House.open({ REDIS_URL: server.url, ROLES: 'inspect', OUTBOUND_ALLOW: '127.0.0.1', WEBHOOK_URL });
  await ask();
}, 90_000);

/** A job that is in hand for the half minute until it gives up; each at a camera of its own, so that none is held to be down. */
async function ask(): Promise<void> {
  const hls = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/live.m3u8`;
  asked += 1;
  await there().call('POST', '/api/v1/jobs', { cctvId: `cctv_00${asked}`, hls, sec: 300 });
}

const open = (path: string, token: string = TOKENS.operator): Promise<Page> => there().visit(path, { token });
const jobShown = async (page: Page): Promise<void> => {
  await ask();
  await page.locator('.workers-jobs progress').first().waitFor();
};

describe('the page of workers', () => {
  it('has no fault in either scheme and language, wide or narrow', async () => {
    expect(await there().blame('workers', jobShown)).toEqual([]);
  });

  it('shows each with its version, slots, delay and the jobs in hand with percent', async () => {
    const page = await open('workers');
    await jobShown(page);
    expect(await page.locator('.workers-jobs li').first().innerText()).toMatch(/cctv_\d+[^]*\d+%/);
    const facts = await page.locator('.facts').innerText();
    for (const fact of [' of 2', 'Loop delay', 'Version', 'inspect']) expect(facts).toContain(fact);
  });

  it('pauses one, says why it takes nothing, lets it go on, and sets how much it does at once', async () => {
    const page = await open('workers');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByText('Paused by an operator').waitFor();
    await page.getByText(/^1 of 1 worker takes no job; . of 2 slots in use/).waitFor();
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await page.getByText('1 worker takes jobs').waitFor();
    await page.getByLabel('Jobs at once').fill('5');
    await page.getByRole('button', { name: 'Set' }).click();
    await page.getByText(/^\d of 5$/).waitFor();
  });

  it('asks before it pauses all, with their number', async () => {
    const page = await open('workers');
    await page.getByRole('button', { name: 'Pause all' }).click();
    const question = page.getByRole('dialog');
    expect(await question.innerText()).toContain('1 worker takes no new job until somebody resumes.');
    await question.getByRole('button', { name: 'Pause all' }).click();
    await page.getByText('Paused by an operator').waitFor();
    await page.getByRole('button', { name: 'Resume all' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resume all' }).click();
    await page.getByText('Paused by an operator').waitFor({ state: 'detached' });
  });

  it('has nothing to steer by for a viewer', async () => {
    const page = await open('workers', TOKENS.viewer);
    await jobShown(page);
    expect(await page.getByRole('button', { name: /Pause|Resume|Set/ }).count()).toBe(0);
  });
});

describe('the page of the system', () => {
  it('has no fault in either scheme and language, wide or narrow', async () => {
    expect(await there().blame('system', (page) => page.getByText('Redis').waitFor())).toEqual([]);
  });

  it('tells how each part is, what Gemini costs and what is recorded', async () => {
    const page = await open('system');
    await page.getByText('Segments').waitFor();
    const text = await page.locator('main').innerText();
    for (const each of ['Round trip, ms', 'free.', 'GEMINI_API_KEY', 'Cost, estimated', 'Cameras recorded now'])
      expect(text).toContain(each);
  });
});

describe('the receivers of webhooks', () => {
  const ENDPOINT = { name: 'WEBHOOK_URL', url: WEBHOOK_URL };
  const why = { code: 'WEBHOOK_GONE', message: 'The receiver answered 410: it wants no more calls.' };
  beforeAll(async () => {
    const link = new Link(connect({ url: server.url }, 'producer'));
    const queue = { stream: 'stream:webhooks', group: WEBHOOK_GROUP };
    await new EndpointStates(link, queue, MACHINE_CLOCK).switchOff(ENDPOINT, why);
    await link.close();
  });

  it('are told with why one is off, without the query of its address, and only an operator has it called again', async () => {
    const viewer = await open('system', TOKENS.viewer);
    await viewer.getByText(why.message).first().waitFor();
    expect(await viewer.locator('main').innerText()).not.toContain('key=secret');
    expect(await viewer.getByRole('button', { name: 'Call it again' }).count()).toBe(0);
    const page = await open('system');
    await page.getByRole('button', { name: 'Call it again' }).click();
    await page.getByText('works', { exact: true }).waitFor();
    expect(await page.locator('table').getByText(why.message).count()).toBe(0);
  });
});

describe('the log of actions', () => {
  it('has no fault in either scheme and language, wide or narrow', async () => {
    expect(await there().blame('log', (page) => page.locator('tbody tr').first().waitFor())).toEqual([]);
  });

  it('tells who did what, and finds it by words that stay in the address', async () => {
    const page = await open('log');
    await page.getByLabel('Name, call, address or status').fill('patch 200');
    await page.getByRole('cell', { name: 'PATCH /api/v1/workers' }).first().waitFor();
    await page.getByRole('cell', { name: 'POST /api/v1/session' }).first().waitFor({ state: 'detached' });
    const calls = await page.locator('tbody code').allInnerTexts();
    expect(new Set(calls.map((call) => call.replace(/workers\/.*/, 'workers/…')))).toEqual(
      new Set(['PATCH /api/v1/workers', 'PATCH /api/v1/workers/…']),
    );
    expect(new URL(page.url()).search).toBe('?q=patch+200');
  });

  it('is for operators', async () => {
    const page = await open('log', TOKENS.inspector);
    await page.getByText('The log of actions is for operators.').waitFor();
    expect(await page.getByRole('link', { name: 'Log', exact: true }).count()).toBe(0);
  });
});
