import type { Request, Response } from 'express';
import type { Caller } from './caller.js';

/** A call that was let in and is not over. */
interface OpenCall {
  readonly request: Request;
  readonly response: Response;
  readonly caller: Caller;
}

/** Calls that are under way: some last for hours, such as listening to events. There are as many as connections. */
export class OpenCalls {
  private readonly calls = new Set<OpenCall>();

  /** Notes one until it is over. */
  add(call: OpenCall): void {
    this.calls.add(call);
    call.response.once('close', () => this.calls.delete(call));
  }

  /** Hangs up on callers that would no longer be let in. */
  sweep(isStillGood: (request: Request, caller: Caller) => boolean): void {
    for (const { request, response, caller } of this.calls) {
      if (!isStillGood(request, caller)) response.destroy();
    }
  }
}
