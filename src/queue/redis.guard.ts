import { Injectable, type CanActivate } from '@nestjs/common';
import { messageOf, TransientStepError } from '../job/errors.js';
import { redactText } from '../job/redact.js';
import { RedisRefusedError } from './redis/refusal/redis-refused.error.js';
import { RedisPing } from './redis-ping.js';

/** Turns calls that need Redis away at once while it is away, instead of letting them gather and wait for it. */
@Injectable()
export class RedisGuard implements CanActivate {
  constructor(private readonly redis: RedisPing) {}

  /** @throws TransientStepError REDIS_UNREACHABLE; RedisRefusedError where the login is refused */
  async canActivate(): Promise<true> {
    try {
      await this.redis.ping();
      return true;
    } catch (cause) {
      if (cause instanceof RedisRefusedError) throw cause;
      const sentence = `Redis cannot be reached (${redactText(messageOf(cause))}): check REDIS_URL, then ask again.`;
      throw new TransientStepError('REDIS_UNREACHABLE', sentence, { cause });
    }
  }
}
