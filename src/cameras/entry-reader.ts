import { nearestName } from '../lib/text/nearest-name.js';
import { quote } from '../job/payload/refusal.js';

const MOST_SLIPS = 3;

/** An object of the file, its fields unread. */
export type Entry = Readonly<Record<string, unknown>>;

/** Whether a value of the file is an object with fields. */
export function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads the fields of one object. What is wrong is reported, and read as undefined, so that all of it is found at once. */
export class EntryReader {
  /**
   * @param where what to call the object, such as `camera "cam_1"`; empty for the file itself
   * @param prefix in front of field names, such as `calibration.`
   */
  constructor(
    private readonly entry: Entry,
    private readonly where: string,
    private readonly report: (problem: string) => void,
    private readonly prefix = '',
  ) {}

  /** Reports every field that is not among `known`. */
  refuseUnknown(known: readonly string[]): void {
    for (const name of Object.keys(this.entry).filter((field) => !known.includes(field))) {
      const meant = nearestName(
        name.toLowerCase(),
        known.map((field) => field.toLowerCase()),
        MOST_SLIPS,
      );
      const field = known.find((candidate) => candidate.toLowerCase() === meant);
      const hint = field === undefined ? `known: ${known.join(', ')}` : `did you mean "${field}"?`;
      this.report(`${this.at}no field is called ${quote(this.prefix + name)}; ${hint}`);
    }
  }

  /** The names of all fields. */
  get fields(): readonly string[] {
    return Object.keys(this.entry);
  }

  isObject(field: string): boolean {
    return isEntry(this.entry[field]);
  }

  has(field: string): boolean {
    return this.entry[field] !== undefined && this.entry[field] !== null;
  }

  /** Reports a problem of a field. `rule` goes on after the field's name. */
  wrong(field: string, rule: string): undefined {
    this.report(`${this.at}${this.prefix}${field} ${rule}`);
    return undefined;
  }

  text(field: string): string | undefined {
    const value = this.entry[field];
    return typeof value === 'string' ? value : this.absent(field, 'must be a text in quotes');
  }

  flag(field: string): boolean | undefined {
    const value = this.entry[field];
    return typeof value === 'boolean' ? value : this.absent(field, 'must be true or false, without quotes');
  }

  whole(field: string, { min, max, unit }: { min: number; max: number; unit: string }): number | undefined {
    const value = this.entry[field];
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    return this.absent(field, `must be a whole number from ${min} to ${max} ${unit}, without quotes`);
  }

  number(field: string, { min, max, unit }: { min: number; max: number; unit: string }): number | undefined {
    const value = this.entry[field];
    if (typeof value === 'number' && value >= min && value <= max) return value;
    return this.absent(field, `must be a number from ${min} to ${max} ${unit}, without quotes`);
  }

  /** A number above 0. */
  measure(field: string, { max, unit }: { max: number; unit: string }): number | undefined {
    const value = this.entry[field];
    if (typeof value === 'number' && value > 0 && value <= max) return value;
    return this.wrong(field, `must be a number above 0 and up to ${max} ${unit}, without quotes`);
  }

  list(field: string): readonly unknown[] | undefined {
    const value = this.entry[field];
    return Array.isArray(value) ? value : this.absent(field, 'must be a list in square brackets');
  }

  /** A reader for an object in this one. */
  within(field: string): EntryReader | undefined {
    const value = this.entry[field];
    if (!isEntry(value)) return this.absent(field, 'must be an object in curly brackets');
    return new EntryReader(value, this.where, this.report, `${this.prefix}${field}.`);
  }

  /** What is simply not there is nobody's mistake. */
  private absent(field: string, rule: string): undefined {
    return this.has(field) ? this.wrong(field, rule) : undefined;
  }

  private get at(): string {
    return this.where === '' ? '' : `${this.where}: `;
  }
}
