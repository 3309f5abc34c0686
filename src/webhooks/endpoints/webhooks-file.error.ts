import { PermanentStepError } from '../../job/errors.js';

const SHOWN = 40;

/** The file of endpoints cannot be used. The message lists what is wrong, one problem a line, and holds no secret. */
export class WebhooksFileError extends PermanentStepError {
  /** @param problems each a sentence that names endpoint and field, where there are any */
  constructor(
    code: 'WEBHOOKS_FILE_UNREADABLE' | 'WEBHOOKS_FILE_WRONG',
    readonly problems: readonly string[],
    cause?: unknown,
  ) {
    super(code, messageFor(problems), { step: 'webhooks', ...(cause === undefined ? {} : { cause }) });
  }
}

function messageFor(problems: readonly string[]): string {
  const lines = problems.slice(0, SHOWN).map((problem) => `\n  ${problem}`);
  const more = problems.length > SHOWN ? `\n  and ${problems.length - SHOWN} more` : '';
  return `WEBHOOKS_FILE cannot be used (docs/webhooks.md explains each field).${lines.join('')}${more}`;
}
