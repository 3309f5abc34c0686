import type { Camera, CameraLocation } from './camera.js';
import type { EntryReader } from './entry-reader.js';

/** Where a camera is and what people call it: the fields of an entry that {@link readPlace} reads. */
export const PLACE_FIELDS = ['name', 'location', 'bearing', 'road', 'tags'] as const;

/** Long enough for a junction and its direction; short enough for a table. Characters. */
const LONGEST_NAME = 120;
const LONGEST_TAG = 40;
const MOST_TAGS = 20;

/** Reads what tells people where a camera is. What is left out is undefined, or no tags. */
export function readPlace(entry: EntryReader): Pick<Camera, (typeof PLACE_FIELDS)[number]> {
  return {
    name: readLine(entry, 'name'),
    location: readLocation(entry),
    bearing: entry.number('bearing', { min: 0, max: 360, unit: 'degrees clockwise from north' }),
    road: readLine(entry, 'road'),
    tags: readTags(entry),
  };
}

function readLocation(parent: EntryReader): CameraLocation | undefined {
  const entry = parent.within('location');
  if (entry === undefined) return undefined;
  // The first of two that are as near: `lng` means `lon`.
  entry.refuseUnknown(['lon', 'lat']);
  const lat = readDegrees(entry, 'lat', 90, 'north');
  const lon = readDegrees(entry, 'lon', 180, 'east');
  return lat === undefined || lon === undefined ? undefined : { lat, lon };
}

function readDegrees(entry: EntryReader, field: string, most: number, towards: string): number | undefined {
  if (!entry.has(field)) return entry.wrong(field, `is missing; degrees ${towards}, WGS 84`);
  return entry.number(field, { min: -most, max: most, unit: `degrees ${towards}` });
}

function readLine(entry: EntryReader, field: string): string | undefined {
  const text = entry.text(field);
  if (text === undefined || isLine(text, LONGEST_NAME)) return text;
  return entry.wrong(field, lineRule(LONGEST_NAME));
}

function readTags(entry: EntryReader): readonly string[] {
  const tags = entry.list('tags') ?? [];
  if (tags.length > MOST_TAGS) entry.wrong('tags', `must be ${MOST_TAGS} at most; it has ${tags.length}`);
  const wrong = tags.findIndex((tag) => typeof tag !== 'string' || !isLine(tag, LONGEST_TAG) || tag.includes(','));
  if (wrong >= 0) entry.wrong('tags', `no. ${wrong + 1} ${lineRule(LONGEST_TAG)}, without a comma`);
  return tags.filter((tag) => typeof tag === 'string').slice(0, MOST_TAGS);
}

/** One line that can be seen: no control character, nothing around it. */
function isLine(text: string, longest: number): boolean {
  return text !== '' && text.length <= longest && text.trim() === text && !/\p{C}/u.test(text);
}

function lineRule(longest: number): string {
  return `must be one line of 1 to ${longest} characters, without spaces around it`;
}
