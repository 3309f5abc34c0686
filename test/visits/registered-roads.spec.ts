import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import { drawStill, sceneOf, VIEWPOINTS, type Scene } from '../../demo/renderer/index.js';
import { detailOf, type Detail } from '../../src/picture/registration/detail.js';
import { doubtOfLostSharpness } from '../../src/damage/memory/lost-sharpness.js';
import { offsetBetween } from '../../src/picture/registration/registration.js';

const SIZE = { width: 384, height: 216 };
const VIEW = VIEWPOINTS.gantry;
const PX_OF_A_DEGREE = 384 / VIEW.fieldOfView;

/** A road of the demo's renderer, as it is kept and looked at again. */
async function road(wishes: Partial<Scene>, weather = (image: Sharp) => image): Promise<Detail> {
  const { picture } = drawStill(sceneOf({ seed: 3, view: VIEW, width: 640, height: 360, ...wishes }));
  const drawn = sharp(picture.rgb, { raw: { width: 640, height: 360, channels: 3 } });
  const kept = await weather(drawn).webp({ quality: 82 }).toBuffer();
  const luma = await sharp(kept)
    .resize({ ...SIZE, fit: 'fill' })
    .greyscale()
    .raw()
    .toBuffer();
  return detailOf({ ...SIZE, data: new Uint8Array(luma) });
}

describe('a road that is looked at again', () => {
  let then: Detail;

  beforeAll(async () => {
    then = await road({});
  }, 60_000);

  it('lies where it lay, with other shadows and in other weather', async () => {
    const dull = (image: Sharp) => image.linear(0.6, 30);
    for (const now of [await road({ sun: 0 }), await road({ sun: 1 }), await road({ sun: 0 }, dull)]) {
      const offset = offsetBetween(now, then);
      expect(offset).toBeDefined();
      expect(Math.hypot(offset!.x * SIZE.width, offset!.y * SIZE.height)).toBeLessThan(0.5);
      expect(doubtOfLostSharpness(now, [{ detail: then, offset: offset! }])).toBeUndefined();
    }
  }, 60_000);

  it('is found again when the camera turned by a degree', async () => {
    const offset = offsetBetween(await road({ view: { ...VIEW, yaw: VIEW.yaw + 1 } }), then);
    expect(Math.abs(offset!.x * SIZE.width - PX_OF_A_DEGREE)).toBeLessThan(2);
    expect(Math.abs(offset!.y * SIZE.height)).toBeLessThan(0.5);
  }, 60_000);

  it('is another view when the camera turned far or zoomed', async () => {
    const views = [
      { ...VIEW, yaw: VIEW.yaw + 10 },
      { ...VIEW, fieldOfView: 0.9 * VIEW.fieldOfView },
    ];
    for (const view of views) expect(offsetBetween(await road({ view }), then)).toBeUndefined();
  }, 60_000);

  it('is the same road in fog, but nothing to go by', async () => {
    const now = await road({}, (image) => image.linear(0.3, 120));
    const offset = offsetBetween(now, then)!;
    expect(doubtOfLostSharpness(now, [{ detail: then, offset }])).toContain('less sharp');
  }, 60_000);
});
