import { ApiProperty } from '@nestjs/swagger';
import { PageCursor, PageLimit } from '../http/answers/page.dto.js';

const DEFAULT_LIMIT = 50;
const MOST = 500;

/** Which page of the log of actions. */
export class AuditPageDto {
  @PageLimit(MOST, DEFAULT_LIMIT)
  limit: number = DEFAULT_LIMIT;

  @PageCursor(/^[\w-]{1,64}$/)
  cursor?: string;
}

/** Something that somebody did. */
export class AuditEntryDto {
  @ApiProperty({ format: 'date-time' })
  time!: string;

  @ApiProperty({ description: "The token's or the user's; empty when a wrong token was brought" })
  name!: string;

  @ApiProperty()
  role!: string;

  @ApiProperty({ description: 'How the service knew: token, cookie, sign-on, machine, or nothing' })
  via!: string;

  @ApiProperty({ description: 'The address that the call came from' })
  from!: string;

  @ApiProperty({ example: 'POST /control/pause' })
  call!: string;

  @ApiProperty({ description: 'What it was answered with; 499: the client left before' })
  status!: number;
}

/** A page of it. */
export class AuditListDto {
  @ApiProperty({ type: [AuditEntryDto] })
  items!: AuditEntryDto[];

  @ApiProperty({ type: String, nullable: true, description: 'For `cursor`; null after the last page' })
  next!: string | null;
}
