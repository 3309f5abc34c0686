import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DoubtfulStepError, JobError, RateLimitedError, messageOf, type ErrorKind } from '../job/errors.js';
import { redactText } from '../lib/redact.js';
import { LOG, type Log } from '../log/log.js';
import { answerProblem, type ErrorBody } from './answers/problem.js';

const STATUS_OF: Record<ErrorKind, number> = {
  invalid: 400,
  permanent: 422,
  transient: 502,
  rate_limited: 429,
  outage: 503,
  lease_lost: 409,
  cancelled: 409,
  stopping: 503,
};

/** Codes that have a status of their own in HTTP. */
const STATUS_OF_CODE: Record<string, number> = {
  JOB_UNKNOWN: 404,
  JOB_DIFFERS: 409,
  JOB_ENDED: 409,
  JOB_NOT_FAILED: 409,
  JOB_NOT_QUEUED: 409,
  LETTER_GONE: 409,
  NO_SUCH_FINDING: 404,
  NOTHING_TO_UNDO: 409,
  FINDINGS_FULL: 409,
  NOT_ENQUEUED: 503,
  IMAGE_TOO_LARGE: 413,
  IMAGE_TYPE: 415,
  JOB_TIMEOUT: 504,
  ROLE_NOT_HERE: 503,
  TOO_MANY_LISTENERS: 503,
  REDIS_UNREACHABLE: 503,
  REDIS_REFUSES: 503,
};

interface Answer {
  status: number;
  body: object;
}

/**
 * Turns whatever a handler throws into one shape of answer, a problem; but for Terminus' body, which is its own. What nobody planned for
 * is logged and shown to no client.
 */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(@Inject(LOG) private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) return;
    if (hasLeft(host.switchToHttp().getRequest<Request>(), response)) {
      this.log.debug({ reason: redactText(messageOf(error)) }, 'the client left before it was answered');
      return;
    }
    const { status, body } = this.answerTo(error);
    if (error instanceof RateLimitedError) response.setHeader('Retry-After', Math.ceil(error.retryAfterMs / 1_000));
    if (isErrorBody(body)) answerProblem(response, status, body);
    else response.status(status).json(body);
  }

  private answerTo(error: unknown): Answer {
    if (error instanceof JobError) return jobErrorAnswer(error);
    if (error instanceof HttpException) return httpAnswer(error);
    if (isClientError(error)) return { status: error.status, body: { code: 'BAD_REQUEST', message: error.message } };
    this.log.error({ reason: redactText(messageOf(error)), stack: stackOf(error) }, 'a request failed unexpectedly');
    const body: ErrorBody = {
      code: 'INTERNAL',
      message: 'Something went wrong inside the service; its log says what.',
    };
    return { status: 500, body };
  }
}

/** Whoever hung up needs no answer, and what broke by it is no fault of ours. */
function hasLeft(request: Request, response: Response): boolean {
  return response.destroyed || (request.destroyed && !request.complete);
}

function jobErrorAnswer(error: JobError): Answer {
  // Whoever asks by hand sees for himself whether it passes.
  const kind = error instanceof DoubtfulStepError ? 'permanent' : error.kind;
  const status = STATUS_OF_CODE[error.code] ?? STATUS_OF[kind];
  const message = redactText(error.message);
  const { field } = error;
  return {
    status,
    body: { code: error.code, message, ...(field === undefined ? {} : { errors: [{ field, message }] }) },
  };
}

function httpAnswer(error: HttpException): Answer {
  const status = error.getStatus();
  const given = error.getResponse();
  // Terminus and our own exceptions bring a whole body.
  if (typeof given === 'object' && ('code' in given || 'details' in given)) return { status, body: given };
  const said = typeof given === 'object' && 'message' in given ? given.message : error.message;
  const message = Array.isArray(said) ? said.join('; ') : String(said);
  return { status, body: { code: codeOf(status), message } };
}

const CODES: Record<number, string> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  406: 'NOT_ACCEPTABLE',
  413: 'TOO_LARGE',
  415: 'UNSUPPORTED_TYPE',
  429: 'TOO_MANY_REQUESTS',
  503: 'UNAVAILABLE',
};

function codeOf(status: number): string {
  return CODES[status] ?? (status < 500 ? 'BAD_REQUEST' : 'INTERNAL');
}

function isErrorBody(body: object): body is ErrorBody {
  return 'code' in body && 'message' in body;
}

/** Errors of body parsers carry the status that they mean. */
function isClientError(error: unknown): error is Error & { status: number } {
  if (!(error instanceof Error) || !('status' in error)) return false;
  return typeof error.status === 'number' && error.status >= 400 && error.status < 500;
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? redactText(error.stack ?? '') : undefined;
}
