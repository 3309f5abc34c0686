import { TransientStepError } from '../job/errors.js';
import { Slots } from '../job/slots.js';

/** Where no inspections run there are no slots for them: work on request is told so. */
export class NoSlots extends Slots {
  /** @throws TransientStepError ROLE_NOT_HERE */
  hasRoomBeside(): boolean {
    throw notHere();
  }

  /** Rejects with ROLE_NOT_HERE. */
  borrow<T>(): Promise<T> {
    return Promise.reject(notHere());
  }
}

function notHere(): TransientStepError {
  const sentence = 'This process inspects no roads: ask one whose ROLES include inspect.';
  return new TransientStepError('ROLE_NOT_HERE', sentence);
}
