import { basename } from 'node:path';
import { access } from 'node:fs/promises';
import type { Picture } from '../../picture/picture.js';
import '../model/quiet-runtime.js';
import { ThreadPool } from '../../threads/thread-pool.js';
import {
  DamageDetector,
  type DamageClass,
  type DetectOptions,
  type DetectorHealth,
  type DetectorInfo,
  type PictureMarks,
} from '../damage-detector.js';
import type { Candidate } from './candidate.js';
import { LAYOUT_BY_NAME } from './layouts/recognise.js';
import { letterbox, letterboxOf, unletterboxed } from './letterbox.js';
import { roadHintOf } from '../road-hint.js';
import { marksOfBoxes, type MarkedBox } from '../marked-boxes.js';
import type { ModelSpec, OnnxSettings } from './model-spec.js';
import type { OnnxRequest } from './onnx.thread.js';

const THREAD = new URL('./onnx.thread.js', import.meta.url);

/** px; a smaller box is none. */
const SMALLEST_SIDE = 2;

const CLASS_NAMES: Readonly<Record<DamageClass, string>> = {
  D00: 'Longitudinal crack',
  D10: 'Transverse crack',
  D20: 'Alligator crack',
  D40: 'Pothole',
  crack: 'Crack',
  damage: 'Damage',
};

/** Finds damage with a detector of the operator's own, an ONNX file of one of several families (docs/vision.md). */
export class OnnxDetector extends DamageDetector {
  readonly info: DetectorInfo;

  private constructor(
    private readonly settings: OnnxSettings,
    private readonly spec: ModelSpec,
    private readonly threads: ThreadPool,
  ) {
    super();
    const ids = [...new Set(spec.classes.values())].sort();
    this.info = {
      name: basename(settings.file),
      version: spec.version,
      classes: ids.map((id) => ({ id, name: CLASS_NAMES[id] })),
      marks: `Marks what the operator's model ${basename(settings.file)} (${spec.layout}) finds, in boxes.`,
    };
  }

  /** Loads the model once to learn how to use it. @throws PermanentStepError `MODEL_UNUSABLE` with what to correct */
  static async open(settings: OnnxSettings, threads = new ThreadPool()): Promise<OnnxDetector> {
    const request: OnnxRequest = { kind: 'inspect', settings };
    const spec = await threads.call<ModelSpec>(THREAD, request, { signal: new AbortController().signal });
    return new OnnxDetector(settings, spec, threads);
  }

  async detect(picture: Picture, { drivenRoad, region, signal }: DetectOptions): Promise<PictureMarks> {
    const { settings, spec } = this;
    const place = letterboxOf(picture, spec.input, LAYOUT_BY_NAME[spec.layout].picture);
    const rgb = await letterbox(picture, spec.input, place);
    const request: OnnxRequest = { kind: 'detect', settings, spec, rgb };
    const candidates = await this.threads.call<Candidate[]>(THREAD, request, { signal });
    const sightings = candidates
      .map(({ box, score, index }): MarkedBox => {
        return { box: unletterboxed(box, place, picture), score, class: spec.classes.get(index)! };
      })
      .filter(({ box }) => box.width >= SMALLEST_SIDE && box.height >= SMALLEST_SIDE);
    const { name, version } = this.info;
    const image = { width: picture.width, height: picture.height };
    return { detector: { name, version }, ...marksOfBoxes(sightings, image, roadHintOf(drivenRoad, region)) };
  }

  async health(): Promise<DetectorHealth> {
    try {
      await access(this.settings.file);
      return { status: 'up' };
    } catch {
      return { status: 'down', message: `DAMAGE_MODEL ${this.settings.file} is gone: put it back.` };
    }
  }
}
