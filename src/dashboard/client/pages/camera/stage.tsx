import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n/texts.js';
import { Empty } from '../../parts/show.js';
import { pictureUrl, type CameraVisit } from './camera-data.js';

/** A point of a picture, shares of its width and height. */
export type Point = readonly [x: number, y: number];

interface StageProps {
  readonly visit: CameraVisit;
  readonly label: string;
  /** Drawn in a square of 1 by 1 that is laid upon the whole picture. */
  readonly children?: ComponentChildren;
  /** Lies above all, placed by share. */
  readonly above?: ComponentChildren;
  readonly onDown?: (at: Point, event: PointerEvent) => void;
  readonly onMove?: (at: Point) => void;
  readonly onUp?: (at: Point) => void;
}

/** A visit's picture as large as there is room, with something drawn on it. */
export function Stage({ visit, label, children, above, onDown, onMove, onUp }: StageProps) {
  const [lost, setLost] = useState<string>();
  if (visit.picture === null || lost === visit.visit) return <Empty>{t('camera.noPicture')}</Empty>;
  const grab = (event: PointerEvent): void => {
    if (event.button !== 0 || event.target instanceof HTMLButtonElement) return;
    if (onMove !== undefined && event.currentTarget instanceof Element) {
      event.currentTarget.setPointerCapture(event.pointerId);
    }
    onDown?.(pointAt(event), event);
  };
  const isLive = onDown !== undefined;
  return (
    <div
      class={`camera-stage ${isLive ? 'camera-live' : ''}`}
      onPointerDown={isLive ? grab : undefined}
      onPointerMove={(event) => onMove?.(pointAt(event))}
      onPointerUp={(event) => onUp?.(pointAt(event))}
    >
      <img src={pictureUrl(visit)} alt={label} draggable={false} onError={() => setLost(visit.visit)} />
      <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
        {children}
      </svg>
      {above}
    </div>
  );
}

function pointAt({ currentTarget, clientX, clientY }: PointerEvent): Point {
  const { left, top, width, height } = (currentTarget as Element).getBoundingClientRect();
  return [within((clientX - left) / width), within((clientY - top) / height)];
}

/** A share: 0 to 1, of four digits. */
export function within(share: number): number {
  return Math.round(10_000 * Math.min(1, Math.max(0, share))) / 10_000;
}
