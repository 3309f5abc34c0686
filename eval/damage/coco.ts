import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { familyOf } from '../../src/damage/birds-eye/merge.js';
import type { DamageClass } from '../../src/damage/damage-detector.js';
import type { CocoFile } from '../../src/findings/export/coco.js';
import type { Box } from '../../src/picture/geometry/box.js';

/** A picture that people judged. Boxes in shares of it, 0..1; what may be a pothole or a crack is both. */
export interface LabelledPicture {
  /** Its path. */
  file: string;
  potholes: Box[];
  cracks: Box[];
}

/** The file that makes a folder one of these. */
export const COCO_FILE = 'annotations.json';

/** An annotation as far as it is read. */
interface Annotation {
  image_id: number;
  category_id: number;
  /** px */
  bbox: [left: number, top: number, width: number, height: number];
}

/** Reads an unpacked `findings-coco.zip`: its pictures, those without damage included. */
export async function readCoco(folder: string): Promise<LabelledPicture[]> {
  const { images, categories, annotations } = JSON.parse(await readFile(join(folder, COCO_FILE), 'utf8')) as CocoFile;
  const names = new Map(categories.map(({ id, name }) => [id, name]));
  return images.map(({ id, file_name, width, height }) => {
    const own = (annotations as Annotation[]).filter(({ image_id }) => image_id === id);
    const boxes = (family: 'pothole' | 'crack'): Box[] =>
      own
        .filter(({ category_id }) => [family, 'either'].includes(familyOf(names.get(category_id) as DamageClass)))
        .map(({ bbox: [x, y, w, h] }) => ({ x: x / width, y: y / height, width: w / width, height: h / height }));
    return { file: join(folder, file_name), potholes: boxes('pothole'), cracks: boxes('crack') };
  });
}
