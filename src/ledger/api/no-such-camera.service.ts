import { NotFoundException } from '@nestjs/common';

/** The answer about a camera that nothing is known of. */
export function noSuchCamera(cctvId: string): NotFoundException {
  const message = `No job of the camera ${cctvId} has finished yet or is still remembered, and CAMERAS_FILE does not describe it.`;
  return new NotFoundException({ code: 'NO_SUCH_CAMERA', message });
}
