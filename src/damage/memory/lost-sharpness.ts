import type { Detail } from '../../picture/registration/detail.js';
import type { Offset } from '../../picture/registration/registration.js';

/** The picture is cut into so many fields. */
const FIELDS_ACROSS = 12;
const FIELDS_DOWN = 8;

/** Deviation of a field's detail, grey values, from which it is worth watching. */
const WORTH = 6;

/** With less than this share of its detail a field has lost its edges; weather alone takes less. */
const FADED = 0.35;

/** From this share of the fields on the view as a whole is in doubt. */
const TOO_MANY = 1 / 3;

/** Fewer fields with detail say nothing. */
const FEWEST_FIELDS = 6;

/**
 * A sentence when much of the view has lost its edges since earlier visits, as behind drops, dirt, fog or snow.
 * @param earlier of the same view; where any of them was sharp counts
 */
export function doubtOfLostSharpness(
  now: Detail,
  earlier: readonly { detail: Detail; offset: Offset }[],
): string | undefined {
  const here = deviationsOf(now, 0, 0);
  const then = earlier.map(({ detail, offset }) =>
    deviationsOf(detail, Math.round(offset.x * now.width), Math.round(offset.y * now.height)),
  );
  const best = here.map((_, field) => Math.max(0, ...then.map((deviations) => deviations[field]!)));
  const watched = here.filter((_, field) => best[field]! >= WORTH).length;
  const faded = here.filter((value, field) => best[field]! >= WORTH && value < FADED * best[field]!).length;
  if (watched < FEWEST_FIELDS || faded < TOO_MANY * watched) return undefined;
  const share = `${Math.round((100 * faded) / watched)} %`;
  return `${share} of the view is much less sharp than on earlier visits: rain, fog, snow, or dirt on the lens.`;
}

/** Root mean square of the detail in each field of now, of a picture that lies `dx`, `dy` px off. */
function deviationsOf({ width, height, data }: Detail, dx: number, dy: number): number[] {
  const squares = new Float64Array(FIELDS_ACROSS * FIELDS_DOWN);
  const counts = new Uint32Array(squares.length);
  for (let y = Math.max(0, -dy); y < Math.min(height, height - dy); y++) {
    const row = Math.floor((y * FIELDS_DOWN) / height) * FIELDS_ACROSS;
    for (let x = Math.max(0, -dx); x < Math.min(width, width - dx); x++) {
      const field = row + Math.floor((x * FIELDS_ACROSS) / width);
      const value = data[(y + dy) * width + x + dx]!;
      squares[field]! += value * value;
      counts[field]! += 1;
    }
  }
  return Array.from(squares, (sum, field) => Math.sqrt(sum / Math.max(1, counts[field]!)));
}
