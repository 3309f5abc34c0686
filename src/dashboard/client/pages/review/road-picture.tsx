import { useEffect, useState } from 'preact/hooks';
import type { Box } from './finding.js';

/** Pixels of a picture. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How large a picture is, once it is here; null when there is none. */
export function useSize(src: string | undefined): Size | null | undefined {
  const [found, find] = useState<{ src: string; size: Size | null }>();
  useEffect(() => {
    if (src === undefined) return;
    const image = new Image();
    image.onload = () => find({ src, size: { width: image.naturalWidth, height: image.naturalHeight } });
    image.onerror = () => find({ src, size: null });
    image.src = src;
    return () => {
      image.onload = null;
      image.onerror = null;
    };
  }, [src]);
  return found?.src === src ? found?.size : undefined;
}

interface RoadPictureProps {
  readonly src: string;
  readonly size: Size;
  readonly label: string;
  /** What of it is shown; all if left out. */
  readonly part?: Box;
  /** Framed, unless marks are hidden. */
  readonly mark?: Box | undefined;
}

/** A picture of the road or a part of it, in which a place is framed. */
export function RoadPicture({ src, size, label, part, mark }: RoadPictureProps) {
  const { x, y, width, height } = scaled(part ?? { x: 0, y: 0, width: 1, height: 1 }, size);
  return (
    <svg class="review-picture" viewBox={`${x} ${y} ${width} ${height}`} role="img" aria-label={label}>
      <image href={src} width={size.width} height={size.height} preserveAspectRatio="none" />
      {mark !== undefined && <rect class="review-mark" {...scaled(mark, size)} />}
    </svg>
  );
}

function scaled({ x, y, width, height }: Box, size: Size): Box {
  return { x: x * size.width, y: y * size.height, width: width * size.width, height: height * size.height };
}

/** More of the road than the damage itself. */
const AROUND = 2.5;
/** Less cannot be made out. */
const LEAST = 0.04;
const SHAPE = 4 / 3;

/** The surroundings of a place, in a shape that is the same for all, within the picture. @param zoom 1: as is usual */
export function around(box: Box, size: Size, zoom: number): Box {
  const aspect = size.width / size.height;
  const wide = Math.max(box.width, (box.height / aspect) * SHAPE, LEAST) * (AROUND / zoom);
  const width = Math.min(1, wide);
  const height = Math.min(1, (width * aspect) / SHAPE);
  const place = (middle: number, length: number): number => Math.min(Math.max(0, middle - length / 2), 1 - length);
  const x = place(box.x + box.width / 2, width);
  const y = place(box.y + box.height / 2, height);
  return { x, y, width, height };
}
