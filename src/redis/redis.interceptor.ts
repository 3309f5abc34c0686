import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { catchError, type Observable } from 'rxjs';
import { messageOf, TransientStepError } from '../job/errors.js';
import { redactText } from '../lib/redact.js';
import { RedisRefusedError } from './refusal/redis-refused.error.js';
import { RedisPing } from './redis-ping.js';

/** What ioredis and Redis say of a command that nobody answers; ioredis exports no class for these. */
const LOST =
  /Connection is closed|Stream isn't writeable|max retries per request|\bE(?:CONN\w+|PIPE|TIMEDOUT|HOSTUNREACH)\b|Socket timeout|^LOADING\b/i;

/**
 * For calls that need Redis: turns them away at once while it is away, instead of letting them gather and wait for it,
 * and says the same of one during which it went away.
 */
@Injectable()
export class RedisInterceptor implements NestInterceptor {
  constructor(private readonly redis: RedisPing) {}

  /** @throws TransientStepError REDIS_UNREACHABLE; RedisRefusedError where the login is refused */
  async intercept(_context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    try {
      await this.redis.ping();
    } catch (cause) {
      throw cause instanceof RedisRefusedError ? cause : unreachable(cause);
    }
    return next.handle().pipe(
      catchError((error: unknown) => {
        throw isConnectionLost(error) ? unreachable(error) : error;
      }),
    );
  }
}

function unreachable(cause: unknown): TransientStepError {
  const sentence = `Redis cannot be reached (${redactText(messageOf(cause))}): check REDIS_URL, then ask again.`;
  return new TransientStepError('REDIS_UNREACHABLE', sentence, { cause });
}

/** Whether a command failed because Redis went away, or is not there yet, and not for what it was. */
function isConnectionLost(error: unknown): boolean {
  return error instanceof Error && LOST.test(error.message);
}
