import { ValidateBy } from 'class-validator';

/** Redis counts both parts of an id in 64 bits. */
const LARGEST_PART = 2n ** 64n - 1n;

/** An id as Redis gives to the entries of a stream; none is 0-0. */
export function isEntryId(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^\d{1,20}-\d{1,20}$/.test(value) &&
    /[1-9]/.test(value) &&
    value.split('-').every((part) => BigInt(part) <= LARGEST_PART)
  );
}

/** Says that a field of a request is an id of a stream's entry. */
export function IsEntryId(): PropertyDecorator {
  const defaultMessage = (): string => '$property must be an entry id, such as 1694000000000-0';
  return ValidateBy({ name: 'isEntryId', validator: { validate: isEntryId, defaultMessage } });
}
