import { BadRequestException, Controller, Get, Query, UseInterceptors } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access } from '../http/access/access.decorator.js';
import { RedisInterceptor } from '../redis/redis.interceptor.js';
import { AuditListDto, AuditPageDto } from './audit.dto.js';
import { AuditStream, type NotedAction } from './audit-stream.js';

/** Who did what: calls that changed something, sign-ins, and wrong tokens. */
@ApiTags('audit')
@ApiBearerAuth('control')
@Access('operator')
@UseInterceptors(RedisInterceptor)
@Controller('api/v1/audit')
export class AuditController {
  constructor(private readonly audit: AuditStream) {}

  @Get()
  @ApiOperation({ summary: 'Newest first, the last 10,000 or so' })
  @ApiOkResponse({ type: AuditListDto })
  async list(@Query() { limit, cursor }: AuditPageDto): Promise<AuditListDto> {
    // One more tells whether there is another page.
    const found = await this.audit.list(limit + 1, cursor === undefined ? undefined : idOf(cursor));
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items: items.map(entryOf), next: found.length > limit && last ? cursorOf(last) : null };
  }
}

function entryOf({ at, name, role, via, from, call, status }: NotedAction) {
  return { time: new Date(at).toISOString(), name, role, via, from, call, status };
}

function cursorOf({ id }: NotedAction): string {
  return Buffer.from(id).toString('base64url');
}

function idOf(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString('latin1');
  if (/^\d{1,20}-\d{1,20}$/.test(id)) return id;
  const message = 'cursor must be what the page before said in "next".';
  throw new BadRequestException({ code: 'BAD_CURSOR', message, errors: [{ field: 'cursor', message }] });
}
