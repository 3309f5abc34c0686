import type { LookMeta } from '../background/background.js';
import { isShortLook } from '../background/quality.js';
import { captureError } from '../capture/ending/capture-errors.js';

/**
 * Refuses a look from which nothing could be concluded, when looking again may show more.
 * @throws TransientStepError HLS_SHORT_LOOK, HLS_DAMAGED
 */
export function demandGoodLook(look: LookMeta): void {
  const { watchedSeconds, askedSeconds, framesDamaged, framesTaken, showsDamaged } = look;
  if (isShortLook(look)) throw captureError('HLS_SHORT_LOOK', `${watchedSeconds} of ${askedSeconds} s were watched`);
  if (showsDamaged) throw captureError('HLS_DAMAGED', `${framesDamaged} of ${framesTaken} frames`);
}
