import { task } from '../../threads/thread-serve.js';
import type { Mask } from '../../picture/mask.js';
import type { Picture } from '../../picture/picture.js';
import { rectify, rectifyMask, type PlaneView } from '../../picture/geometry/rectify.js';

/** What the thread is given. */
export interface BirdsEyeRequest {
  picture: Picture;
  /** Where the road is in the picture. */
  road: Mask | undefined;
  views: readonly PlaneView[];
}

/** One view. */
export interface Rectified {
  picture: Picture;
  /** Where the road is in the view. */
  road: Mask | undefined;
}

/** px of a view for one cell of its road. */
const CELL = 8;

export default task(({ picture, road, views }: BirdsEyeRequest) => {
  const output = views.map((view): Rectified => {
    return { picture: rectify(picture, view), road: road && rectifyMask(road, picture, view, CELL) };
  });
  const buffers = output.flatMap((view) => [view.picture.rgb.buffer, ...(view.road ? [view.road.data.buffer] : [])]);
  return Promise.resolve({ output, transfer: buffers });
});
