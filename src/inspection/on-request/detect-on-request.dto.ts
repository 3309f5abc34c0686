import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, IsUrl, Max, MaxLength, Min } from 'class-validator';

/** The longest that somebody may be kept waiting for. s */
const MAX_SECONDS = 600;

/** A stream to look at now. */
export class StreamDto {
  @ApiProperty({ description: 'HLS playlist, http or https', example: 'https://example.com/stream.m3u8' })
  @IsString()
  @MaxLength(4096)
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  hls!: string;

  @ApiPropertyOptional({ description: 'Seconds of video to watch', default: 20, minimum: 1, maximum: MAX_SECONDS })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_SECONDS)
  sec?: number;
}
