import { BadRequestException } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';

/** No body of ours has lists within lists within lists. */
const DEEPEST = 16;

/** Refuses JSON that is nested so deep that whoever walks through it would run out of stack. */
export function shallowJson(request: Request, _response: Response, next: NextFunction): void {
  next(isShallow(request.body, DEEPEST) ? undefined : tooDeep());
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((child) => isShallow(child, levels - 1));
}

function tooDeep(): BadRequestException {
  const message = `The JSON is nested more than ${DEEPEST} levels deep; no call takes such a body.`;
  return new BadRequestException({ code: 'BAD_REQUEST', message });
}
