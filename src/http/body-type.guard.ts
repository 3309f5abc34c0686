import {
  Injectable,
  SetMetadata,
  UnsupportedMediaTypeException,
  type CanActivate,
  type CustomDecorator,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { hasBody } from './body-bounds.js';

const TAKES = 'http:takes';
const JSON_TYPE = 'application/json';

/** Says that a route takes another type of body than JSON. */
export const Takes = (type: string): CustomDecorator => SetMetadata(TAKES, type);

/**
 * Refuses bodies of another type than the route takes. What a web page may send elsewhere without being asked for leave (forms and
 * plain text) is no JSON, whatever it contains.
 */
@Injectable()
export class BodyTypeGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const taken = this.reflector.get<string | undefined>(TAKES, context.getHandler()) ?? JSON_TYPE;
    if (!hasBody(request) || request.is(taken) !== false) return true;
    throw new UnsupportedMediaTypeException({
      code: 'UNSUPPORTED_TYPE',
      message: `This call takes a body of the type ${taken}: say so in the header "Content-Type".`,
    });
  }
}
