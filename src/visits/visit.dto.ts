import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { MOST_LOOKS } from '../ledger/looks/camera-looks.js';
import { CctvIdDto } from '../ledger/ledger.dto.js';
import { PageCursor, PageLimit } from '../http/answers/page.dto.js';

const TEXT = { type: String, nullable: true } as const;
const NUMBER = { type: Number, nullable: true } as const;
const VISIT = /^\d{15}-[0-9a-f]{16}$/;
const NO_VISIT = { message: '$property must be the `visit` of a visit in the list' };

/** Pictures are made in a few widths only, px: a browser keeps what it was given before. */
const WIDTHS = [160, 320, 640, 960, 1280, 1920] as const;

/** Which page of visits to list. */
export class VisitPageDto {
  @PageLimit(MOST_LOOKS, MOST_LOOKS)
  limit = MOST_LOOKS;

  @PageCursor(VISIT)
  cursor?: string;
}

/** A visit of a camera in a path. */
export class VisitPathDto extends CctvIdDto {
  @ApiProperty({ example: '001767225600000-0123456789abcdef' })
  @Matches(VISIT, NO_VISIT)
  visit!: string;
}

/** How wide a visit's picture is to be. */
export class VisitWidthDto {
  @ApiPropertyOptional({ enum: WIDTHS, description: 'px, as JPEG; as it is stored if left out' })
  @IsOptional()
  @Type(() => Number)
  @IsIn(WIDTHS)
  w?: number;
}

/** Two visits of one camera. */
export class TwoVisitsDto {
  @ApiProperty({ example: '001767225600000-0123456789abcdef' })
  @Matches(VISIT, NO_VISIT)
  from!: string;

  @ApiProperty({ example: '001767229200000-0123456789abcdef' })
  @Matches(VISIT, NO_VISIT)
  to!: string;
}

/** One look at a camera's road. */
export class VisitDto {
  @ApiProperty({ description: 'Names it among the visits of its camera' })
  visit!: string;

  @ApiProperty({ example: 'job-1' })
  jobId!: string;

  @ApiProperty({ format: 'date-time', description: 'When the job was queued' })
  at!: string;

  @ApiProperty({ ...TEXT, description: 'day, dusk, night' })
  light!: string | null;

  @ApiProperty({ ...TEXT, description: 'clear, or inconclusive: then its marks are no facts' })
  verdict!: string | null;

  @ApiProperty({ ...TEXT, description: 'Why, as a sentence' })
  reason!: string | null;

  @ApiProperty({ ...NUMBER, description: 'Share of the road that is damaged, 0..1' })
  damagedRoadShare!: number | null;

  @ApiProperty({ ...TEXT, example: 'medium' })
  worstSeverity!: string | null;

  @ApiProperty({ ...NUMBER, description: 'Damages found' })
  detections!: number | null;

  @ApiProperty({ ...TEXT, description: 'The address of its picture; null when it left none' })
  picture!: string | null;

  @ApiProperty({ description: 'Whether later visits are compared with it' })
  kept!: boolean;
}

/** A page of visits. */
export class VisitListDto {
  @ApiProperty({ type: [VisitDto], description: 'The newest first' })
  items!: VisitDto[];

  @ApiProperty({ ...TEXT, description: 'The cursor of the next page; null when there is none' })
  next!: string | null;
}

/** How two visits lie upon each other. */
export class AlignmentDto {
  @ApiProperty()
  from!: string;

  @ApiProperty()
  to!: string;

  @ApiProperty({ description: 'Whether both show the same; if not, the camera was turned, or too little can be seen' })
  same!: boolean;

  @ApiProperty({ ...NUMBER, description: 'What is at x in `from` is at x + dx in `to`; a share of the width' })
  dx!: number | null;

  @ApiProperty({ ...NUMBER, description: 'The same downwards; a share of the height' })
  dy!: number | null;
}

/** A box as shares of a picture. */
export class SharesDto {
  @ApiProperty()
  x!: number;

  @ApiProperty()
  y!: number;

  @ApiProperty()
  width!: number;

  @ApiProperty()
  height!: number;
}

/** One mark on a visit's picture. */
export class VisitMarkDto {
  @ApiProperty({ example: 'D40' })
  class!: string;

  @ApiProperty({ description: 'Shares of width and height, 0..1' })
  box!: SharesDto;

  @ApiProperty({ example: 'medium' })
  severity!: string;

  @ApiProperty({ description: '0..1' })
  confidence!: number;

  @ApiProperty({
    ...TEXT,
    description: 'reported: an alarm may be raised on it; unconfirmed: people should look first',
  })
  status!: string | null;
}

/** What a visit marked. */
export class VisitMarksDto {
  @ApiProperty({ type: [VisitMarkDto] })
  items!: VisitMarkDto[];
}
