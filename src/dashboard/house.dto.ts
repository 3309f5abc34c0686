import { ApiProperty } from '@nestjs/swagger';

/** What a page has to know of the service that it belongs to. */
export class HouseDto {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Address of map tiles with {z}, {x} and {y}; null without',
  })
  mapTilesUrl!: string | null;

  @ApiProperty({ example: 'Asia/Seoul', description: 'IANA time zone of times without one' })
  timeZone!: string;

  @ApiProperty({ type: [String], example: ['inspect', 'assess', 'schedule'], description: 'What this process does' })
  roles!: string[];
}
