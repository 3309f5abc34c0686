import type { DamageClass } from '../damage-detector.js';

/** What a model's class numbers mean; numbers that are missing are not reported. */
export type ClassMap = ReadonlyMap<number, DamageClass>;

/** Names that data sets and their users give, in English and Korean, to the classes of RDD2022; the first that fits wins. */
const NAMES: readonly (readonly [RegExp, DamageClass])[] = [
  [/d00|longitudinal|종\s*(?:방향)?\s*균열|세로/i, 'D00'],
  [/d10|transvers|lateral|횡\s*(?:방향)?\s*균열|가로/i, 'D10'],
  [/d20|alligator|crocodile|fatigue|거북등|망상/i, 'D20'],
  [/d40|pot[ _-]?hole|포트\s*홀|도로\s*파임/i, 'D40'],
  [/crack|균열/i, 'crack'],
  [/damage|distress|파손/i, 'damage'],
];

/** Reads names as a model carries them. */
export function classesByName(names: ReadonlyMap<number, string>): ClassMap {
  const classes = new Map<number, DamageClass>();
  for (const [index, name] of names) {
    const meaning = NAMES.find(([pattern]) => pattern.test(name))?.[1];
    if (meaning !== undefined) classes.set(index, meaning);
  }
  return classes;
}

/** Reads what the operator configured: a class for each number from 0, `-` for one that is not to be reported. */
export function classesInOrder(words: readonly string[]): ClassMap {
  return new Map(words.flatMap((word, index) => (word === '-' ? [] : [[index, word as DamageClass] as const])));
}
