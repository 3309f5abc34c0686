import type { ExecutionProvider, Tensors } from '../model/inference.js';
import { classesByName, classesInOrder, type ClassMap } from './class-map.js';
import type { InputSize, LayoutName } from './layouts/layout.js';
import { LAYOUT_BY_NAME, layoutsOf } from './layouts/recognise.js';
import { confident } from './confidence.js';
import { classNamesOf } from './metadata.js';
import { unusable } from './unusable.js';

/** The operator's own model, as configured. */
export interface OnnxSettings {
  /** Path of the file. */
  file: string;
  /** `auto`: by its outputs. */
  layout: LayoutName | 'auto';
  /** A class for each number from 0, `-` for none; empty: by the names in the file. */
  classes: readonly string[];
  /** Least score of a detection, 0..1. */
  threshold: number;
  /** Boxes of one class that overlap by more (IoU) are one. */
  overlap: number;
  device: ExecutionProvider;
}

/** What is known of a model after its first runs. */
export interface ModelFacts {
  outputs: Tensors;
  /** The same, of a picture with something in it. */
  onNoise?: Tensors;
  input: InputSize;
  metadata: ReadonlyMap<string, string>;
}

/** How to use a model. */
export interface ModelSpec {
  layout: LayoutName;
  input: InputSize;
  classes: ClassMap;
  /** As its file says, else `unknown`. */
  version: string;
}

/** Decides how to use a model. @throws PermanentStepError `MODEL_UNUSABLE` when that stays unclear */
export function specOf({ outputs, onNoise = outputs, input, metadata }: ModelFacts, settings: OnnxSettings): ModelSpec {
  const layout =
    settings.layout === 'auto' ? onlyLayout(layoutsOf(outputs, input, metadata), outputs) : settings.layout;
  const classes = classesOf(classNamesOf(metadata.get('names')), LAYOUT_BY_NAME[layout].classes(outputs), settings);
  for (const seen of [outputs, onNoise]) confident(LAYOUT_BY_NAME[layout].decode(seen, input, -Infinity));
  return { layout, input, classes, version: metadata.get('version') ?? 'unknown' };
}

function onlyLayout(layouts: readonly LayoutName[], outputs: Tensors): LayoutName {
  const [first, ...others] = layouts;
  if (first !== undefined && others.length === 0) return first;
  const shapes = Object.entries(outputs).map(([name, { dims }]) => `${name} [${dims.join(', ')}]`);
  const what = first === undefined ? 'fits no known layout' : `may be ${layouts.join(' or ')}`;
  throw unusable(`The output ${shapes.join(', ')} of DAMAGE_MODEL ${what}: say which by DAMAGE_MODEL_LAYOUT.`);
}

function classesOf(names: ReadonlyMap<number, string>, count: number | null, settings: OnnxSettings): ClassMap {
  const given = settings.classes.length;
  const known = given > 0 ? given : names.size;
  if (known === 0) {
    throw unusable(
      'DAMAGE_MODEL does not name its classes: list them in DAMAGE_MODEL_CLASSES, such as D00,D10,D20,D40.',
    );
  }
  if (count !== null && known !== count) {
    const source = given > 0 ? 'DAMAGE_MODEL_CLASSES lists' : 'its file names';
    throw unusable(
      `DAMAGE_MODEL gives ${count} classes by its output, but ${source} ${known}: correct DAMAGE_MODEL_CLASSES or DAMAGE_MODEL_LAYOUT.`,
    );
  }
  const classes = given > 0 ? classesInOrder(settings.classes) : classesByName(names);
  if (classes.size > 0) return classes;
  const list = [...names.values()].join(', ');
  throw unusable(`None of the classes of DAMAGE_MODEL (${list}) is known as road damage: set DAMAGE_MODEL_CLASSES.`);
}
