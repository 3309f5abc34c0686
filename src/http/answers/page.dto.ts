import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, MaxLength, Min } from 'class-validator';

/** Characters of a cursor at most, whichever list gave it. */
const LONGEST_CURSOR = 500;

/**
 * How many items a page of a list has: from 1 to `maximum`. The property's initial value has to be `normally`.
 * @param maximum items on a page at most
 * @param normally items on a page of a caller that does not say
 */
export function PageLimit(maximum: number, normally: number): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: Number, minimum: 1, maximum, default: normally }),
    IsOptional(),
    Type(() => Number),
    IsInt(),
    Min(1),
    Max(maximum),
  );
}

/**
 * Where a page of a list begins: what the page before said in `next`.
 * @param shape that all cursors of the list have, where it is known
 */
export function PageCursor(shape?: RegExp): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: String, description: '`next` of the page before' }),
    IsOptional(),
    shape === undefined
      ? MaxLength(LONGEST_CURSOR)
      : Matches(shape, { message: 'cursor must be the `next` of an earlier page' }),
  );
}
