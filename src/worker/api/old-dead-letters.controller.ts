import {
  BadRequestException,
  Controller,
  Delete,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  Post,
  Query,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ThrottlerGuard } from '@nestjs/throttler';
import { Access } from '../../http/access/access.decorator.js';
import { SucceededBy } from '../../http/answers/succeeded.interceptor.js';
import type { DeadLetterFilter } from '../../queue/dead-letters/letter-filter.js';
import { KindQueues } from '../../queue/kind-queues.js';
import { RedisInterceptor } from '../../redis/redis.interceptor.js';
import { withoutSecrets } from '../../queue/dead-letters/redacted-letter.js';
import { DeadLetterFilterDto, DeadLetterPageDto, KindDto } from './control.dto.js';

/** The old paths of dead letters. What may be secret is not shown. */
@ApiTags('dead letters')
@ApiBearerAuth('control')
@Access('operator')
@UseGuards(ThrottlerGuard)
@UseInterceptors(RedisInterceptor)
@Controller('control/dlq')
export class OldDeadLettersController {
  /** Any process shows those of any kind, whether or not it runs such jobs. */
  constructor(private readonly queues: KindQueues) {}

  @Get()
  @SucceededBy('/api/v1/dead-letters')
  @ApiOperation({ deprecated: true, summary: 'Newest first' })
  async list(@Query() { limit, before, kind }: DeadLetterPageDto) {
    return { letters: (await this.queues.letters(kind).list(limit, before)).map(withoutSecrets) };
  }

  @Get(':id')
  @SucceededBy('/api/v1/dead-letters/:id')
  @ApiOperation({ deprecated: true, summary: 'One, with its payload as far as it holds no secret' })
  async show(@Param() { id = '' }: DeadLetterFilterDto, @Query() { kind }: KindDto) {
    const letter = await this.queues.letters(kind).get(id);
    if (letter === undefined)
      throw new NotFoundException({ code: 'NO_SUCH_LETTER', message: `There is no dead letter ${id}.` });
    return withoutSecrets(letter);
  }

  @Post('redrive')
  @HttpCode(200)
  @SucceededBy('/api/v1/dead-letters/redrive')
  @ApiOperation({ deprecated: true, summary: 'Puts jobs back into their stream, each once: ?id=, ?code= or ?all=true' })
  async redrive(@Query() filter: DeadLetterFilterDto) {
    return { redriven: await this.queues.letters(filter.kind).redrive(named(filter)) };
  }

  @Delete()
  @SucceededBy('/api/v1/dead-letters/purge')
  @ApiOperation({ deprecated: true, summary: 'Deletes jobs for good: ?id=, ?code= or ?all=true' })
  async purge(@Query() filter: DeadLetterFilterDto) {
    return { purged: await this.queues.letters(filter.kind).purge(named(filter)) };
  }
}

/** Nothing named means nothing done: a slip must not put a thousand jobs back. */
function named({ id, code, all }: DeadLetterFilterDto): DeadLetterFilter {
  if (id === undefined && code === undefined && all === undefined) {
    throw new BadRequestException({ code: 'NOTHING_NAMED', message: 'Say which: ?id=, ?code= or ?all=true.' });
  }
  return { ...(id === undefined ? {} : { id }), ...(code === undefined ? {} : { code }) };
}
