import { artifactFolder, encodePart, INSPECTION_FILES, timestampOf } from '../../artifacts/artifact-names.js';
import type { ArtifactStore } from '../../artifacts/artifact-store.js';
import { familyOf } from '../../damage/birds-eye/merge.js';
import type { DamageClass } from '../../damage/damage-detector.js';
import { JobError } from '../../job/errors.js';
import { pictureSize } from '../../picture/picture-size.js';
import type { StoredFinding } from '../finding.js';
import type { ZipFile } from './zip.js';

/** Findings that one archive is made of, and pictures that are in it: some hundreds of megabytes. */
export const MOST_EXPORTED_PICTURES = 2_000;
export const MOST_JUDGED = 20_000;
/** The largest picture that a job leaves; and all of them together, which any program that reads zip archives opens. bytes */
const MOST_PICTURE_BYTES = 32 * 1024 * 1024;
const MOST_BYTES = 2 * 1024 * 1024 * 1024;
const READ_WITHIN_MS = 30_000;

const CLASSES: readonly DamageClass[] = ['D00', 'D10', 'D20', 'D40', 'crack', 'damage'];
/** The states that say whether there is damage. */
export const JUDGED_STATES = ['accepted', 'rejected', 'repaired', 'came_back'] as const;

interface CocoImage {
  id: number;
  file_name: string;
  width: number;
  height: number;
  cctv_id: string;
  job_id: string;
}

/** `annotations.json` of an archive: COCO, and beside it what people rejected. */
export interface CocoFile {
  info: { description: string; version: string; pictures_without_file: number; is_complete: boolean };
  images: CocoImage[];
  categories: { id: number; name: DamageClass; supercategory: 'damage' }[];
  annotations: object[];
  /** Where there is none though a detector saw some; annotations of no image. */
  negatives: object[];
}

/**
 * What people judged as training data: pictures of roads with the boxes of damage on them, in the class that people gave it. A picture on
 * which all was rejected is there without a box.
 * @param findings of {@link JUDGED_STATES}
 */
export async function* cocoFiles(
  findings: AsyncIterable<StoredFinding>,
  store: Pick<ArtifactStore, 'read'>,
  prefix: string,
): AsyncGenerator<ZipFile> {
  const coco = emptyCoco();
  let bytes = 0;
  for (const seen of (await byPicture(findings)).values()) {
    if (coco.images.length >= MOST_EXPORTED_PICTURES || bytes >= MOST_BYTES) {
      coco.info.is_complete = false;
      break;
    }
    const content = await pictureOf(seen[0] as StoredFinding, store, prefix);
    if (content === undefined) {
      coco.info.pictures_without_file += 1;
      continue;
    }
    bytes += content.length;
    const image = { ...imageOf(seen[0] as StoredFinding, coco.images.length + 1), ...(await pictureSize(content)) };
    coco.images.push(image);
    for (const finding of seen) annotate(coco, image, finding);
    yield { name: image.file_name, content };
  }
  yield { name: 'annotations.json', content: Buffer.from(JSON.stringify(coco, undefined, 1)) };
}

function emptyCoco(): CocoFile {
  const description = 'Road damage as people judged it. Boxes in px: [left, top, width, height].';
  return {
    info: { description, version: '1', pictures_without_file: 0, is_complete: true },
    images: [],
    categories: CLASSES.map((name, i) => ({ id: i + 1, name, supercategory: 'damage' })),
    annotations: [],
    negatives: [],
  };
}

async function byPicture(findings: AsyncIterable<StoredFinding>): Promise<Map<string, StoredFinding[]>> {
  const pictures = new Map<string, StoredFinding[]>();
  for await (const finding of findings) {
    if (finding.lastJobId === '') continue;
    const key = `${finding.cctvId}/${finding.lastJobId}`;
    pictures.set(key, [...(pictures.get(key) ?? []), finding]);
  }
  return pictures;
}

/** Undefined when the store has it no more. */
async function pictureOf(finding: StoredFinding, store: Pick<ArtifactStore, 'read'>, prefix: string) {
  const { cctvId, lastJobId: jobId, lastSeen } = finding;
  const folder = artifactFolder(prefix, { cctvId, jobId, enqueuedAt: Date.parse(lastSeen) });
  try {
    const signal = AbortSignal.timeout(READ_WITHIN_MS);
    return await store.read(folder + INSPECTION_FILES.background, MOST_PICTURE_BYTES, signal);
  } catch (error) {
    if (error instanceof JobError && error.code === 'STORAGE_NOT_FOUND') return undefined;
    throw error;
  }
}

function imageOf({ cctvId, lastJobId, lastSeen }: StoredFinding, id: number): Omit<CocoImage, 'width' | 'height'> {
  const name = [encodePart(cctvId), timestampOf(Date.parse(lastSeen)), String(id)].join('-');
  return { id, file_name: `images/${name}.jpg`, cctv_id: cctvId, job_id: lastJobId };
}

function annotate(coco: CocoFile, { id, width, height }: CocoImage, finding: StoredFinding): void {
  const { x, y, width: w, height: h } = finding.box;
  const bbox = [x * width, y * height, w * width, h * height].map((px) => Math.round(px * 100) / 100);
  const kind = classOf(finding);
  const { state, answer, reason, missed } = finding;
  const attributes = { finding: finding.id, state, answer, reason, missed, detected_as: finding.class };
  const place = { image_id: id, category_id: CLASSES.indexOf(kind) + 1, bbox, attributes };
  if (state === 'rejected') coco.negatives.push({ id: coco.negatives.length + 1, ...place });
  else {
    const shape = { area: bbox[2]! * bbox[3]!, iscrowd: 0, segmentation: [] };
    coco.annotations.push({ id: coco.annotations.length + 1, ...place, ...shape });
  }
}

/** As a person corrected it. */
function classOf({ answer, class: kind }: StoredFinding): DamageClass {
  if (answer === 'pothole') return 'D40';
  if (answer === 'alligator_crack') return 'D20';
  if (answer === 'crack') return familyOf(kind) === 'crack' ? kind : 'crack';
  return answer === null ? kind : 'damage';
}
