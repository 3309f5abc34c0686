import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { HOOK_TYPES } from '../endpoints/endpoint.js';

/** How an endpoint fares. */
export const ENDPOINT_STATES = ['on', 'failing', 'off'] as const;

/** An endpoint as operators see it: no secret, no query of its URL. */
export class EndpointDto {
  @ApiProperty({ example: 'city-desk' })
  name!: string;

  @ApiProperty({ example: 'https://desk.example.com/road-jobs' })
  url!: string;

  @ApiProperty({ enum: HOOK_TYPES, isArray: true })
  events!: string[];

  @ApiProperty({ type: [String], nullable: true, description: 'null: all' })
  cameras!: string[] | null;

  @ApiProperty()
  isSigned!: boolean;

  @ApiProperty({ enum: ENDPOINT_STATES, description: 'off: nobody calls it until it is switched on' })
  state!: (typeof ENDPOINT_STATES)[number];

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Since when it fails or is off' })
  since!: string | null;

  @ApiProperty({ type: String, nullable: true })
  code!: string | null;

  @ApiProperty({ type: String, nullable: true })
  message!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When it took a call last' })
  workedAt!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'How to have it called again; null unless it is off' })
  switchOn!: string | null;
}

/** All endpoints. */
export class EndpointsDto {
  @ApiProperty({ description: 'Whether anybody is called' })
  isOn!: boolean;

  @ApiProperty({ type: [EndpointDto] })
  items!: EndpointDto[];

  @ApiProperty({ type: String, nullable: true, description: 'null: these are all' })
  next!: null;
}

/** Which endpoint. */
export class EndpointNameDto {
  @IsString()
  @MaxLength(128)
  name!: string;
}
