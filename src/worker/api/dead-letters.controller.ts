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
} from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ThrottlerGuard } from '@nestjs/throttler';
import { ControlGuard } from '../../http/control.guard.js';
import { DeadLetters, type DeadLetterFilter } from '../../queue/dead-letters.js';
import { withoutSecrets } from '../../queue/safe-letter.js';
import { DeadLetterFilterDto, DeadLetterPageDto } from './control.dto.js';

/** The jobs that were given up, and the ways back. What may be secret is not shown. */
@ApiTags('dead letters')
@ApiBearerAuth('control')
@UseGuards(ThrottlerGuard, ControlGuard)
@Controller('control/dlq')
export class DeadLettersController {
  constructor(private readonly letters: DeadLetters) {}

  @Get()
  @ApiOperation({ summary: 'Newest first' })
  async list(@Query() { limit, before }: DeadLetterPageDto) {
    return { letters: (await this.letters.list(limit, before)).map(withoutSecrets) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One, with its payload as far as it holds no secret' })
  async show(@Param() { id = '' }: DeadLetterFilterDto) {
    const letter = await this.letters.get(id);
    if (letter === undefined)
      throw new NotFoundException({ code: 'NO_SUCH_LETTER', message: `There is no dead letter ${id}.` });
    return withoutSecrets(letter);
  }

  @Post('redrive')
  @HttpCode(200)
  @ApiOperation({ summary: 'Puts jobs back into their stream, each once: ?id=, ?code= or ?all=true' })
  async redrive(@Query() filter: DeadLetterFilterDto) {
    return { redriven: await this.letters.redrive(named(filter)) };
  }

  @Delete()
  @ApiOperation({ summary: 'Deletes jobs for good: ?id=, ?code= or ?all=true' })
  async purge(@Query() filter: DeadLetterFilterDto) {
    return { purged: await this.letters.purge(named(filter)) };
  }
}

/** Nothing named means nothing done: a slip must not put a thousand jobs back. */
function named({ id, code, all }: DeadLetterFilterDto): DeadLetterFilter {
  if (id === undefined && code === undefined && all === undefined) {
    throw new BadRequestException({ code: 'NOTHING_NAMED', message: 'Say which: ?id=, ?code= or ?all=true.' });
  }
  return { ...(id === undefined ? {} : { id }), ...(code === undefined ? {} : { code }) };
}
