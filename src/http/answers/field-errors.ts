import { BadRequestException, type ValidationError } from '@nestjs/common';
import type { FieldError } from './problem.js';

/** The refusal of a request that breaks rules of its fields: all of them in one sentence, and each with its field. */
export function badFields(broken: readonly ValidationError[]): BadRequestException {
  const errors = broken.flatMap((error) => fieldErrors(error, ''));
  return new BadRequestException({
    code: 'BAD_REQUEST',
    message: errors.map(({ message }) => message).join('; ') || 'The request is not of the form that this call takes.',
    errors,
  });
}

function fieldErrors({ property, constraints = {}, children = [] }: ValidationError, above: string): FieldError[] {
  const field = above + property;
  const own = Object.values(constraints).map((message) => ({ field, message: above + message }));
  return [...own, ...children.flatMap((child) => fieldErrors(child, `${field}.`))];
}
