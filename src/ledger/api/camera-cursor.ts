import { InvalidJobError } from '../../job/errors.js';
import { isName } from '../../lib/names.js';
import type { HeardCamera } from '../camera-ledger.js';

/** Where a list of cameras goes on: behind this one. Opaque to clients. */
export function cameraCursor({ cctvId, heardAt }: HeardCamera): string {
  return Buffer.from(`${heardAt} ${cctvId}`).toString('base64url');
}

/** @throws InvalidJobError BAD_CURSOR */
export function cameraOfCursor(cursor: string): HeardCamera {
  const [, heardAt = '', cctvId = ''] = /^(-?\d{1,20}) (.+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (isName(cctvId)) return { cctvId, heardAt: Number(heardAt) };
  throw new InvalidJobError('BAD_CURSOR', 'cursor must be the `next` of an earlier page.', { field: 'cursor' });
}
