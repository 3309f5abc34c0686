import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import { CALLER_ROLES, type Role } from '../caller.js';

/** What it takes to sign in. */
export class SignInDto {
  @ApiProperty({ description: 'A token of TOKENS_FILE, or CONTROL_TOKEN' })
  @IsString()
  @Length(1, 1000)
  token!: string;
}

/** Who somebody is here. */
export class SessionDto {
  @ApiProperty()
  name!: string;

  @ApiProperty({ enum: CALLER_ROLES })
  role!: Role;

  @ApiProperty({ description: 'How the service knows: token, cookie, sign-on, machine, or nothing' })
  via!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When a sign-in by cookie ends' })
  expiresAt!: string | null;

  @ApiProperty({ description: 'Whether one can sign in with a token' })
  canSignIn!: boolean;
}
