import { copyFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { Picture } from '../../src/picture/picture.js';
import { ThreadPool } from '../../src/threads/thread-pool.js';
import { BuiltinDetector } from '../../src/damage/builtin/builtin-detector.js';
import { ROAD_DAMAGE } from '../../src/damage/builtin/road-model.js';
import type { HeatMaps } from '../../src/damage/builtin/heat-maps.js';
import { drawStill, NO_DAMAGE, sceneOf, VIEWPOINTS } from '../../demo/renderer/index.js';
import { useFolder } from '../support/use-folder.js';
import type { HeatMapsRequest } from './heat-maps.thread.js';

const HEAT_MAPS_THREAD = new URL('./heat-maps.thread.js', import.meta.url);
const MODELS = join(ROAD_DAMAGE.file, '..');
const signal = new AbortController().signal;
const threads = new ThreadPool();
afterAll(() => threads.close());

async function floats(name: string): Promise<Float32Array> {
  const bytes = await readFile(join(MODELS, 'reference', name));
  return new Float32Array(new Uint8Array(bytes).buffer);
}

async function sample(name: string): Promise<Picture> {
  const image = sharp(join(MODELS, 'samples', `${name}_RAW.jpg`)).raw();
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: new Uint8Array(data) };
}

/** Interleaved, as pictures are; the reference holds planes. */
function interleaved(planes: Float32Array): Float32Array {
  const pixels = planes.length / 3;
  return planes.map((_, i) => planes[(i % 3) * pixels + Math.floor(i / 3)]!);
}

describe('the built-in model', () => {
  it('gives the heat maps of the framework it was trained in', async () => {
    const request: HeatMapsRequest = { rgb: interleaved(await floats('input.bin')), width: 512, height: 320 };
    const maps = await threads.call<HeatMaps>(HEAT_MAPS_THREAD, request, { signal });
    for (const name of ['crack', 'pothole', 'lane', 'vehicle'] as const) {
      const wanted = await floats(`${name}.bin`);
      expect(maps[name]).toHaveLength(wanted.length);
      const worst = maps[name]!.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i]!)), 0);
      expect(worst).toBeLessThan(0.01);
    }
  });
});

const folder = useFolder('model');

describe('BuiltinDetector', () => {
  it('finds the large pothole of a real road, and says how large it is', async () => {
    const { detections, doubts, image } = await new BuiltinDetector(threads).detect(
      await sample('1096017_DF_070_070BDF0010_01952'),
      { signal },
    );
    expect(doubts).toEqual([]);
    const potholes = detections.filter((detection) => detection.class === 'D40');
    expect(potholes.length).toBeGreaterThan(0);
    for (const { box, boxNormalized, areaPx, outline, confidence } of potholes) {
      expect(boxNormalized.x * image.width).toBeCloseTo(box.x);
      expect(areaPx).toBeLessThanOrEqual(Math.ceil(box.width * box.height));
      expect(outline!.every(([x, y]) => x >= box.x - 0.01 && y <= box.y + box.height + 0.01)).toBe(true);
      expect(confidence).toBeGreaterThan(0.5);
    }
  });

  it('finds nets of cracks', async () => {
    const picture = await sample('994583_RS_386_386RS191729_09680');
    const { detections } = await new BuiltinDetector(threads).detect(picture, { signal });
    expect(detections.some(({ class: kind, severity }) => kind === 'D20' && severity === 'high')).toBe(true);
  });

  it('marks nothing on a sound road with patches, seams, stains and shadows', async () => {
    const { picture } = drawStill(
      sceneOf({ seed: 5, view: VIEWPOINTS.gantry, damage: NO_DAMAGE, width: 640, height: 360 }),
    );
    expect((await new BuiltinDetector(threads).detect(picture, { signal })).detections).toEqual([]);
  });

  it('takes nothing as fact at night, nor where traffic drove and the model sees no road', async () => {
    const { picture } = drawStill(sceneOf({ seed: 5, view: VIEWPOINTS.gantry, width: 640, height: 360 }));
    const dark = { ...picture, rgb: picture.rgb.map((value) => value / 4) };
    const night = await new BuiltinDetector(threads).detect(dark, { signal });
    expect(night.doubts).toEqual([expect.stringContaining('night')]);
    const data = new Uint8Array(160 * 90).fill(1, 0, 160 * 30);
    const away = await new BuiltinDetector(threads).detect(picture, {
      drivenRoad: { width: 160, height: 90, data },
      signal,
    });
    expect(away.doubts).toEqual([expect.stringContaining('traffic drove')]);
  });

  it('reads its model once for each thread', async () => {
    const file = folder.at('model.onnx');
    await copyFile(ROAD_DAMAGE.file, file);
    const own = new ThreadPool();
    const detector = new BuiltinDetector(own, { ...ROAD_DAMAGE, file });
    const picture = await sample('994583_RS_386_386RS191729_09680');
    const first = await detector.detect(picture, { signal });
    await rm(file);
    expect(await detector.detect(picture, { signal })).toEqual(first);
    expect(own.size).toBe(1);
    await own.close();
    await expect(detector.detect(picture, { signal })).rejects.toThrow('model.onnx');
    await own.close();
  });

  it('is down when its model is missing, and says what to do', async () => {
    const health = await new BuiltinDetector(threads, { ...ROAD_DAMAGE, file: '/nowhere/road-damage.onnx' }).health();
    expect(health).toMatchObject({ status: 'down', message: expect.stringContaining('install') });
  });

  it('stops with the reason of the signal', async () => {
    const reason = new Error('enough');
    const picture = await sample('994583_RS_386_386RS191729_09680');
    const stopped = new BuiltinDetector(threads).detect(picture, { signal: AbortSignal.abort(reason) });
    await expect(stopped).rejects.toBe(reason);
  });
});
