/** What a text of the environment comes to: a value, or why it cannot be used; `objection` completes "<variable>: …". */
export type Checked<T> = { readonly value: T } | { readonly objection: string };

/** One variable: its default, what it may be, and what it is for. `T` allows undefined where it may be unset. */
export interface Setting<T> {
  readonly default: T;
  /** What it may be, for people: `1..64`, `cpu or cuda`; empty where there is nothing to say. */
  readonly hint: string;
  /** Sentences for the operator; `.env.example` and docs/settings.md show them. */
  readonly meaning: string;
  /** Its value never appears in a message. */
  readonly isSecret: boolean;
  read(text: string): Checked<NonNullable<T>>;
}

/** The values of a table's variables by their names. */
export type Values<Table> = { [Name in keyof Table]: Table[Name] extends Setting<infer T> ? T : never };

/** `T`, or undefined too where the default is undefined. */
type Of<D, T> = undefined extends D ? T | undefined : T;

/** Limits of a number, both included, with the unit that messages name. */
interface Range {
  readonly min: number;
  readonly max: number;
  /** For example `seconds`; left out for a count. */
  readonly unit?: string;
}

const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;
const FLAGS: Readonly<Record<string, boolean>> = {
  true: true,
  false: false,
  '1': true,
  '0': false,
  yes: true,
  no: false,
};

function row<T>(value: T, meaning: string, hint: string, read: Setting<T>['read']): Setting<T> {
  return { default: value, meaning, hint, isSecret: false, read };
}

/** The same, but its value is never shown. */
export function secret<T>(setting: Setting<T>): Setting<T> {
  return { ...setting, isSecret: true };
}

function numberRow<D extends number | undefined>(
  value: D,
  { min, max, unit }: Range,
  meaning: string,
  kind: 'a number' | 'a whole number',
): Setting<Of<D, number>> {
  const must = `must be ${kind} from ${min} to ${max}${unit === undefined ? '' : ` ${unit}`}`;
  const hint = `${unit === undefined ? '' : `${unit}, `}${min}..${max}`;
  const read = (text: string): Checked<number> => {
    const number = NUMBER.test(text) ? Number(text) : NaN;
    const isOne = number >= min && number <= max && (kind === 'a number' || Number.isInteger(number));
    return isOne ? { value: number } : { objection: must };
  };
  return row(value as Of<D, number>, meaning, hint, read);
}

/** A whole number within limits. */
export function whole<D extends number | undefined>(value: D, range: Range, meaning = ''): Setting<Of<D, number>> {
  return numberRow(value, range, meaning, 'a whole number');
}

/** A number within limits, fractions allowed: times mostly, which tests like short. */
export function amount<D extends number | undefined>(value: D, range: Range, meaning = ''): Setting<Of<D, number>> {
  return numberRow(value, range, meaning, 'a number');
}

/** `true`, `false`, `1`, `0`, `yes` or `no`. */
export function flag<D extends boolean | undefined>(value: D, meaning = ''): Setting<Of<D, boolean>> {
  const read = (text: string): Checked<boolean> => {
    const found = FLAGS[text.toLowerCase()];
    return found === undefined ? { objection: 'must be true or false' } : { value: found };
  };
  return row(value as Of<D, boolean>, meaning, 'true or false', read);
}

/** One of a few words. */
export function oneOf<const W extends string, D extends NoInfer<W> | undefined>(
  value: D,
  words: readonly W[],
  meaning = '',
): Setting<Of<D, W>> {
  const all = words.join(', ');
  const read = (text: string): Checked<W> => {
    const found = words.find((word) => word === text);
    return found === undefined ? { objection: `must be one of ${all}` } : { value: found };
  };
  return row(value as Of<D, W>, meaning, all, read);
}

/** A text of a certain form; `rule` completes "must be …". */
export function shaped<D extends string | undefined>(
  value: D,
  rule: string,
  form: RegExp | ((text: string) => boolean),
  meaning = '',
): Setting<Of<D, string>> {
  const fits = (text: string): boolean => (typeof form === 'function' ? form(text) : form.test(text));
  const read = (text: string): Checked<string> => (fits(text) ? { value: text } : { objection: `must be ${rule}` });
  return row(value as Of<D, string>, meaning, '', read);
}

/** A text that `objectionTo` has nothing to say against. */
export function unobjected(
  value: string,
  objectionTo: (text: string) => string | undefined,
  meaning: string,
): Setting<string> {
  return row(value, meaning, '', (text) => {
    const objection = objectionTo(text);
    return objection === undefined ? { value: text } : { objection };
  });
}

/** Any text on one line. */
export function line<D extends string | undefined>(value: D, meaning = ''): Setting<Of<D, string>> {
  return shaped(value, 'a text on one line', /^[^\r\n]+$/, meaning);
}

/** A key of Redis: printable, without spaces. */
export function redisKey(value: string, meaning = ''): Setting<string> {
  return shaped(value, 'a name of 1 to 200 characters without spaces', /^[^\s\p{C}]{1,200}$/u, meaning);
}

/** Several values, separated by commas, each of a certain form. */
export function commaList(rule: string, form: (item: string) => boolean, meaning: string): Setting<string | undefined> {
  return shaped(undefined, `a comma-separated list of ${rule}`, (text) => itemsOf(text).every(form), meaning);
}

/** The items of a comma-separated list, trimmed, without empty ones. */
export function itemsOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
