import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';

const DEFAULT_LIMIT = 50;
const MOST = 500;

/** Which page of the log of actions. */
export class AuditPageDto {
  @ApiPropertyOptional({ minimum: 1, maximum: MOST, default: DEFAULT_LIMIT })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MOST)
  limit: number = DEFAULT_LIMIT;

  @ApiPropertyOptional({ description: 'What the page before said in `next`' })
  @IsOptional()
  @Matches(/^[\w-]{1,64}$/, { message: 'cursor must be what the page before said in "next"' })
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
