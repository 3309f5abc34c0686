import { STATUS_CODES } from 'node:http';
import type { Response } from 'express';

/** What is wrong with one field of a request. */
export interface FieldError {
  /** Its name; one within another behind a dot. */
  readonly field: string;
  readonly message: string;
}

/** What a failed call has to say: a code for machines, a sentence for people, the fields that are wrong. */
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly errors?: readonly FieldError[];
}

/** A problem by RFC 9457, with the code and the message that clients know. */
export interface Problem extends ErrorBody {
  /** A name, not an address: the service has no home page that would stay. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}

/** Answers of this type hold a problem. */
export const PROBLEM_TYPE = 'application/problem+json';

/** The problem that a failed call answers. What else its body says stays in it. */
export function problemOf<T extends ErrorBody>(status: number, body: T): Problem & T {
  const title = STATUS_CODES[status] ?? 'Error';
  return { type: `urn:roadstream:error:${body.code}`, title, status, detail: body.message, ...body };
}

/** Answers a call with a problem. */
export function answerProblem(response: Response, status: number, body: ErrorBody): void {
  response.status(status).type(PROBLEM_TYPE).json(problemOf(status, body));
}
