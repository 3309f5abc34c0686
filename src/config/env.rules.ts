import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';

/** Limits of a number, with the unit that messages name. */
interface Range {
  min: number;
  max: number;
  /** For example `seconds`; left out for a count. */
  unit?: string;
}

const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;
const FLAGS: Record<string, boolean> = { true: true, false: false, '1': true, '0': false, yes: true, no: false };

/** What is no number stays a text, so that the check after it can show it. */
const ToNumber = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && NUMBER.test(value) ? Number(value) : value,
  );

const ToFlag = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? (FLAGS[value.toLowerCase()] ?? value) : value,
  );

/** A variable that is unset unless `allowed` says yes; `rule` completes the sentence "must be …". */
function Check(rule: string, allowed: (value: unknown) => boolean): PropertyDecorator {
  const validator = {
    validate: (value: unknown): boolean => value === undefined || allowed(value),
    defaultMessage: (): string => `must be ${rule}`,
  };
  return ValidateBy({ name: 'rule', validator });
}

function both(...decorators: PropertyDecorator[]): PropertyDecorator {
  return (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };
}

const inRange = (value: unknown, { min, max }: Range): boolean =>
  typeof value === 'number' && value >= min && value <= max;
const rangeText = ({ min, max, unit }: Range): string => `from ${min} to ${max}${unit === undefined ? '' : ` ${unit}`}`;

/** A whole number within limits, both included. */
export const Whole = (range: Range): PropertyDecorator =>
  both(
    ToNumber(),
    Check(`a whole number ${rangeText(range)}`, (value) => inRange(value, range) && Number.isInteger(value)),
  );

/** A number within limits, fractions allowed: times mostly, which tests like short. */
export const Amount = (range: Range): PropertyDecorator =>
  both(
    ToNumber(),
    Check(`a number ${rangeText(range)}`, (value) => inRange(value, range)),
  );

/** `true`, `false`, `1`, `0`, `yes` or `no`. */
export const Flag = (): PropertyDecorator =>
  both(
    ToFlag(),
    Check('true or false', (value) => typeof value === 'boolean'),
  );

/** One of a few words. */
export const OneOf = (...words: readonly string[]): PropertyDecorator =>
  Check(`one of ${words.join(', ')}`, (value) => words.includes(value as string));

/** A text of a certain form; `rule` completes "must be …". */
export const Shaped = (rule: string, form: RegExp | ((text: string) => boolean)): PropertyDecorator =>
  Check(rule, (value) => typeof value === 'string' && (typeof form === 'function' ? form(value) : form.test(value)));

/** A text that `objectionTo` has nothing to say against; what it says completes "<variable> …". */
export const Unobjected = (objectionTo: (text: string) => string | undefined): PropertyDecorator =>
  ValidateBy({
    name: 'objection',
    validator: {
      validate: (value: unknown): boolean => objectionTo(String(value)) === undefined,
      defaultMessage: (found): string => objectionTo(String(found?.value)) ?? '',
    },
  });

/** Any text on one line, as long as it is set. */
export const Line = (): PropertyDecorator => Shaped('a text on one line', /^[^\r\n]+$/);

/** A key of Redis: printable, without spaces. */
export const RedisKey = (): PropertyDecorator =>
  Shaped('a name of 1 to 200 characters without spaces', /^[^\s\p{C}]{1,200}$/u);

/** Several values, separated by commas, each of a certain form. */
export const CommaList = (rule: string, form: (item: string) => boolean): PropertyDecorator =>
  Shaped(`a comma-separated list of ${rule}`, (text) => itemsOf(text).every(form));

/** The items of a comma-separated list, trimmed, without empty ones. */
export function itemsOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
