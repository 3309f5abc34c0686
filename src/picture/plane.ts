/** One of the three planes of a planar YUV 4:2:0 frame. */
export interface Plane {
  /** Where it starts in the frame, bytes. */
  offset: number;
  /** px */
  width: number;
  /** px */
  height: number;
  /** The side in px, in this plane, of a block of the picture. */
  blockSize: number;
}

/** The planes Y, U and V of a frame of even width and height that is cut into blocks of `blockSize` px. */
export function planesOf(width: number, height: number, blockSize: number): [Plane, Plane, Plane] {
  const luma = width * height;
  const half = { width: width / 2, height: height / 2, blockSize: blockSize / 2 };
  return [
    { offset: 0, width, height, blockSize },
    { offset: luma, ...half },
    { offset: luma + luma / 4, ...half },
  ];
}

/** Calls `visit` with the index of every pixel of a block. */
export function forPixels(plane: Plane, columns: number, block: number, visit: (pixel: number) => void): void {
  const size = plane.blockSize;
  const left = (block % columns) * size;
  const top = Math.floor(block / columns) * size;
  for (let y = top; y < Math.min(plane.height, top + size); y++) {
    for (let x = left; x < Math.min(plane.width, left + size); x++) visit(y * plane.width + x);
  }
}
