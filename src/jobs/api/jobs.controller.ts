import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Req, Res, UseInterceptors } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Access } from '../../http/access/access.decorator.js';
import { callerOf } from '../../http/access/caller.js';
import { JobError } from '../../job/errors.js';
import { TRACEPARENT } from '../../job/payload/traceparent.js';
import { Clock } from '../../lib/clock.js';
import { uuid7 } from './uuid7.js';
import { RedisInterceptor } from '../../redis/redis.interceptor.js';
import { isEnded } from '../../queue/status/job-record.js';
import { checkOwner } from './check-owner.service.js';
import type { JobWish } from '../ask-for-job.js';
import { JobDesk } from '../job-desk.js';
import { JobList } from '../job-list.js';
import type { JobView } from '../job-view.js';
import { JobDto, JobListDto } from './job.dto.js';
import { BatchDto, JobNameDto, JobPageDto, JobRequestDto } from './jobs.dto.js';
import { preferredWaitMs } from './prefer.js';
import { WaitingClients } from './waiting-clients.service.js';
import { readWish } from './wish.js';

/** A client looks again after so long. s */
const LOOK_AGAIN_S = 2;
/** Jobs of a batch that are checked at once. */
const CHECKED_AT_ONCE = 20;

/** Jobs as their clients ask for them. */
@ApiTags('jobs')
@UseInterceptors(RedisInterceptor)
@Controller('api/v1/jobs')
export class JobsController {
  constructor(
    private readonly desk: JobDesk,
    private readonly jobs: JobList,
    private readonly clock: Clock,
    private readonly waiting: WaitingClients,
  ) {}

  @Post()
  @Access('inspector', 'client')
  @ApiOperation({ summary: 'Asks for a job: checked, then queued; 202 with where to look for it' })
  @ApiBody({ type: JobRequestDto })
  @ApiAcceptedResponse({ type: JobDto })
  @ApiHeader({
    name: 'Prefer',
    required: false,
    description: 'wait=60: answers when the job has ended, if it does so soon',
  })
  async create(@Body() body: unknown, @Req() request: Request, @Res({ passthrough: true }) response: Response) {
    return this.ask(this.wish(body, request), request, response);
  }

  @Post('batch')
  @HttpCode(200)
  @Access('inspector', 'client')
  @ApiOperation({ summary: 'Asks for up to 500 jobs; an answer for each, in their order' })
  @ApiBody({ type: BatchDto })
  async createAll(@Body() { jobs }: BatchDto, @Req() request: Request) {
    const items: object[] = [];
    for (let i = 0; i < jobs.length; i += CHECKED_AT_ONCE) {
      const some = jobs.slice(i, i + CHECKED_AT_ONCE);
      items.push(...(await Promise.all(some.map((body) => this.oneOfBatch(body, request)))));
    }
    return { items };
  }

  @Put(':id')
  @Access('inspector', 'client')
  @ApiOperation({
    summary: 'The same under a name of yours: asked again it is 200 and not queued again; another one is 409',
  })
  @ApiBody({ type: JobRequestDto })
  @ApiAcceptedResponse({ type: JobDto })
  async put(
    @Param() { id }: JobNameDto,
    @Body() body: unknown,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ) {
    return this.ask(this.wish(body, request, id), request, response);
  }

  @Get()
  @Access('viewer')
  @ApiOperation({
    summary: 'Jobs: running, waiting, queued, then ended ones, the newest first',
    description: 'Looks at 5,000 entries at most; `complete: false` says that it stopped there, `next` goes on.',
  })
  @ApiOkResponse({ type: JobListDto })
  list(@Query() page: JobPageDto) {
    return this.jobs.list(page);
  }

  @Get(':id')
  @Access('viewer', 'client')
  @ApiOperation({ summary: 'A job: state, progress, why it waits or failed, what it found' })
  @ApiOkResponse({ type: JobDto })
  async get(@Param() { id }: JobNameDto, @Req() request: Request, @Res({ passthrough: true }) response: Response) {
    await checkOwner(this.desk, id, request);
    const job = await this.desk.get(id);
    const tag = `"${job.version}-${job.state}"`;
    response.setHeader('ETag', tag);
    response.setHeader('Cache-Control', 'private, no-cache');
    // Whoever asks by a tag wants this answer, whatever its library says of caches.
    if (request.get('If-None-Match') !== tag) return job;
    response.status(304);
    return undefined;
  }

  @Post(':id/cancel')
  @HttpCode(202)
  @Access('inspector', 'client')
  @ApiOperation({
    summary: 'Calls a job off: at once if nobody runs it, else its worker notices within about a second',
  })
  @ApiAcceptedResponse({ type: JobDto })
  async cancel(@Param() { id }: JobNameDto, @Req() request: Request) {
    await checkOwner(this.desk, id, request);
    return this.desk.cancel(id);
  }

  @Post(':id/retry')
  @HttpCode(202)
  @Access('inspector', 'client')
  @ApiOperation({ summary: 'Runs a failed job again, with all its attempts' })
  @ApiAcceptedResponse({ type: JobDto })
  async retry(@Param() { id }: JobNameDto, @Req() request: Request) {
    await checkOwner(this.desk, id, request);
    return this.desk.retry(id);
  }

  @Post(':id/expedite')
  @HttpCode(202)
  @Access('inspector')
  @ApiOperation({ summary: 'Moves a job that waits for its first run to the urgent stream' })
  @ApiAcceptedResponse({ type: JobDto })
  expedite(@Param() { id }: JobNameDto) {
    return this.desk.expedite(id);
  }

  private wish(body: unknown, request: Request, name?: string) {
    const caller = callerOf(request);
    const by = caller?.role === 'client' ? caller.name : '';
    const wish = readWish(body, {
      jobId: () => name ?? uuid7(this.clock.now()),
      kind: this.jobs.kinds[0] as string,
      by,
    });
    const traced = { ...wish, traceparent: request.get(TRACEPARENT) };
    return name === undefined ? traced : { ...traced, jobId: name };
  }

  private async ask(wish: JobWish, request: Request, response: Response): Promise<JobView> {
    const { added, job } = await this.desk.ask(wish);
    const waitMs = preferredWaitMs(request.get('Prefer'));
    const told = waitMs === 0 ? job : await this.ended(job, waitMs, response);
    response.setHeader('Location', told.links.self);
    if (!isEnded(told.state)) response.setHeader('Retry-After', LOOK_AGAIN_S);
    const isAnswer = added === 'same' || (waitMs > 0 && isEnded(told.state));
    response.status(isAnswer ? 200 : 202);
    return told;
  }

  private async ended(job: JobView, waitMs: number, response: Response): Promise<JobView> {
    const leaving = new AbortController();
    response.once('close', () => leaving.abort());
    const told = await this.waiting.wait(() => this.desk.get(job.id, job.kind), waitMs, leaving.signal);
    if (told !== undefined) response.setHeader('Preference-Applied', `wait=${waitMs / 1_000}`);
    return told ?? job;
  }

  private async oneOfBatch(body: unknown, request: Request): Promise<object> {
    try {
      const { added, job } = await this.desk.ask(this.wish(body, request));
      return { status: added === 'same' ? 200 : 202, job };
    } catch (error) {
      if (!(error instanceof JobError)) throw error;
      const { code, message } = error;
      return { status: code === 'JOB_DIFFERS' ? 409 : 400, error: { code, message } };
    }
  }
}
