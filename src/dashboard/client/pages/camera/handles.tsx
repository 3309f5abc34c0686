import { useRef } from 'preact/hooks';
import { t } from '../../i18n/texts.js';
import { within, type Point } from './stage.js';

/** A press of an arrow key moves a point by so much, with Shift by ten times as much; share of the picture. */
const STEP = 0.002;

const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

interface HandlesProps {
  readonly points: readonly Point[];
  readonly onChange: (points: readonly Point[]) => void;
}

/** Points that can be dragged, moved by arrow keys, and taken away by Delete. */
export function Handles({ points, onChange }: HandlesProps) {
  const held = useRef<number | undefined>(undefined);
  const put = (i: number, point: Point): void => onChange(points.map((each, at) => (at === i ? point : each)));
  const drag = (event: PointerEvent, i: number): void => {
    if (held.current !== i || !(event.currentTarget instanceof HTMLElement)) return;
    const { left, top, width, height } = event.currentTarget.parentElement!.getBoundingClientRect();
    put(i, [within((event.clientX - left) / width), within((event.clientY - top) / height)]);
  };
  const press = (event: KeyboardEvent, i: number): void => {
    const [x, y] = points[i]!;
    const way = ARROWS[event.key];
    const by = STEP * (event.shiftKey ? 10 : 1);
    if (way !== undefined) put(i, [within(x + by * way[0]), within(y + by * way[1])]);
    else if (event.key === 'Delete' || event.key === 'Backspace') onChange(points.filter((_point, at) => at !== i));
    else return;
    event.preventDefault();
  };
  return (
    <>
      {points.map(([x, y], i) => (
        <button
          key={i}
          type="button"
          class="camera-handle"
          aria-label={t('camera.point', { n: i + 1 })}
          style={{ left: `${100 * x}%`, top: `${100 * y}%` }}
          onPointerDown={(event) => {
            held.current = i;
            event.currentTarget.setPointerCapture(event.pointerId);
          }}
          onPointerMove={(event) => drag(event, i)}
          onPointerUp={() => (held.current = undefined)}
          onKeyDown={(event) => press(event, i)}
        >
          {i + 1}
        </button>
      ))}
    </>
  );
}
