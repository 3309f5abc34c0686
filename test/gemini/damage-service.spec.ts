import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { startGeminiServer, type GeminiServer } from '../support/gemini-server/gemini-server.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';

const SECRET = 'AIzaSecret-that-nobody-may-see';

const { server: redis } = useRedis();

describe('a service whose detector is Gemini', () => {
  let server: GeminiServer;
  let service: Service;

  beforeAll(async () => {
    server = await startGeminiServer({ keys: [{ key: SECRET, project: 'one' }] });
    service = await Service.start({
      REDIS_URL: redis.url,
      DAMAGE_DETECTOR: 'gemini',
      GEMINI_API_KEY: SECRET,
      GEMINI_BASE_URL: server.url,
      GEMINI_MODEL_IMAGE: 'gemini-x',
      // Gemini counts as shut when it is for every model.
      GEMINI_MODEL_VIDEO: 'gemini-x',
    });
  });
  afterAll(async () => {
    await service.stop();
    await server.close();
  });

  const judge = async (): Promise<Response> => {
    const picture = await sharp({ create: { width: 640, height: 360, channels: 3, background: '#777' } })
      .png()
      .toBuffer();
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(picture)]), 'road.png');
    return fetch(`${service.url}/api/v1/damage-detection/image`, { method: 'POST', body: form });
  };

  it('marks what Gemini found on a picture', async () => {
    const pothole = { box_2d: [500, 250, 600, 500], label: 'D40', confidence: 0.9 };
    server.answer = () => ({ view: 'clear', damages: [pothole] });
    expect(await (await judge()).json()).toMatchObject({
      detector: { name: 'gemini', version: 'gemini-x' },
      detections: [{ class: 'D40', box: { x: 160, y: 180, width: 160, height: 36 } }],
    });
    expect(await service.metric('llm_requests_total{model="gemini-x",status="ok"}')).toBe(1);
  });

  it('claims nothing while there is no budget, says so, and never names the key', async () => {
    server.fail('day-quota');
    const refused = await judge();
    expect(refused.ok).toBe(false);
    expect(await refused.json()).toMatchObject({ code: 'GEMINI_NO_BUDGET' });
    expect(await service.json('/api/v1/damage-detection/health')).toMatchObject({ status: 'down' });
    const { claiming, heldBackBecause } = await service.status();
    expect({ claiming, heldBackBecause }).toEqual({
      claiming: false,
      heldBackBecause: [expect.stringContaining('No Gemini project has budget')],
    });
    expect(service.output).not.toContain(SECRET);
  });
});
