import {
  BadRequestException,
  Body,
  ConflictException,
  Controller,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  Post,
  Query,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, KnownOnly } from '../../http/access/access.decorator.js';
import { isoTime } from '../../job/iso-time.js';
import { RedisInterceptor } from '../../redis/redis.interceptor.js';
import { KindQueues } from '../kind-queues.js';
import { AllQueueNumbers } from '../numbers/all-numbers.js';
import { groupLetters } from './letter-groups.js';
import { withoutSecrets } from './redacted-letter.js';
import { letterCursor, letterDto, letterOfCursor } from './letter-view.js';
import { CountDiffersError, type DeadLetterFilter } from './letter-filter.js';
import {
  LetterDto,
  LetterGroupsDto,
  LetterIdDto,
  LetterKindDto,
  LetterQueryDto,
  LettersDto,
  PurgeDto,
  RedriveAtPaceDto,
  RedrivenDto,
  type RedriveDto,
} from './letter.dto.js';

/** The jobs that were given up, and the ways back; those of any kind, whether or not they run here. */
@ApiTags('dead letters')
@ApiBearerAuth('control')
@UseInterceptors(RedisInterceptor)
@Controller('api/v1/dead-letters')
export class DeadLettersController {
  constructor(
    private readonly queues: KindQueues,
    private readonly numbers: AllQueueNumbers,
  ) {}

  @Get()
  @Access('viewer')
  @KnownOnly()
  @ApiOperation({ summary: 'Newest first; by code and camera' })
  @ApiOkResponse({ type: LettersDto })
  async list(@Query() { kind, code, cctvId, limit, cursor }: LetterQueryDto): Promise<LettersDto> {
    const spec = this.queues.spec(kind);
    const before = cursor === undefined ? undefined : letterOfCursor(cursor);
    const page = await this.queues.letters(kind).find({ code, cctvId }, limit, before);
    return {
      items: page.letters.map((letter) => letterDto(letter, spec.kind)),
      next: page.next === undefined ? null : letterCursor(page.next),
      scanned: page.scanned,
      complete: page.complete,
    };
  }

  @Get('groups')
  @Access('viewer')
  @KnownOnly()
  @ApiOperation({ summary: 'By reason code: how many, since when, of which cameras, and what to do' })
  @ApiOkResponse({ type: LetterGroupsDto })
  async groups(@Query() { kind }: LetterKindDto): Promise<LetterGroupsDto> {
    const spec = this.queues.spec(kind);
    const [count] = await this.numbers.read(spec.kind);
    const byCode = count?.deadLetters.byCode ?? {};
    const { groups, complete } = await groupLetters(
      this.queues.letters(kind),
      byCode,
      (letter) => withoutSecrets(letter).message,
    );
    return { items: groups, next: null, complete };
  }

  @Get(':id')
  @Access('viewer')
  @KnownOnly()
  @ApiOperation({ summary: 'One, with its payload as far as it holds no secret' })
  @ApiOkResponse({ type: LetterDto })
  async show(@Param() { id }: LetterIdDto, @Query() { kind }: LetterKindDto): Promise<LetterDto> {
    const letter = await this.queues.letters(kind).get(id);
    if (letter === undefined) throw noSuchLetter(id);
    return letterDto(letter, this.queues.spec(kind).kind);
  }

  @Post('redrive')
  @HttpCode(200)
  @Access('operator')
  @ApiOperation({
    summary: 'Puts jobs back into their stream, each once: one by its id, or those that a filter names',
    description:
      'With perMinute they come due one after the other. Each has its time in its own entry of the stream: a process that ' +
      'is killed meanwhile has put back some, with their times; the same call again goes on with the rest, behind them.',
  })
  @ApiOkResponse({ type: RedrivenDto })
  async redrive(@Body() which: RedriveAtPaceDto): Promise<RedrivenDto> {
    const { kind, filter } = named(which);
    const letters = this.queues.letters(kind);
    if (which.perMinute === undefined) return { redriven: await letters.redrive(filter) };
    const { redriven, lastAt, complete } = await letters.redriveSlowly(filter, which.perMinute);
    return { redriven, lastAt: (lastAt === undefined ? undefined : isoTime(lastAt)) ?? null, complete };
  }

  @Post('purge')
  @HttpCode(200)
  @Access('operator')
  @ApiOperation({
    summary: 'Deletes jobs for good; 409 with their number, and none is deleted, when `expect` is another',
  })
  async purge(@Body() which: PurgeDto) {
    const { kind, filter } = named(which);
    try {
      return { purged: await this.queues.letters(kind).purge(filter, which.expect) };
    } catch (error) {
      if (!(error instanceof CountDiffersError)) throw error;
      const { code, message, count } = error;
      throw new ConflictException({ code, message, count });
    }
  }
}

/** Nothing named means nothing done: a slip must not put a thousand jobs back. */
function named({ kind, id, filter = {} }: RedriveDto): { kind: string | undefined; filter: DeadLetterFilter } {
  const { code, cctvId, all } = filter;
  const isFilter = code !== undefined || cctvId !== undefined || all === true;
  if ((id === undefined) === isFilter) return { kind: filter.kind ?? kind, filter: { id, code, cctvId } };
  throw new BadRequestException({
    code: 'NOTHING_NAMED',
    message: 'Say which, in one way: {"id": …}, or {"filter": …} with code, cctvId or "all": true.',
  });
}

function noSuchLetter(id: string): NotFoundException {
  return new NotFoundException({ code: 'NO_SUCH_LETTER', message: `There is no dead letter ${id}.` });
}
