import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n/texts.js';
import { setQuery } from '../../router.js';
import { isClear, visitLine, type CameraVisit } from './camera-data.js';

/** Even a road without damage has a bar that can be seen and hit. percent */
const LOWEST = 6;

/** All visits in their order, the newest at the right: how much of the road was damaged, grey where none could tell. */
export function Strip(props: { readonly visits: readonly CameraVisit[]; readonly shown: CameraVisit | undefined }) {
  const { visits, shown } = props;
  const list = useRef<HTMLOListElement>(null);
  const newest = visits[0]?.visit;
  useEffect(() => {
    const box = list.current;
    if (box !== null) box.scrollLeft = box.scrollWidth;
  }, [newest]);
  const most = Math.max(0.001, ...visits.filter(isClear).map(({ damagedRoadShare }) => damagedRoadShare ?? 0));
  return (
    <section class="camera-history">
      <h2>{t('camera.visits', { n: visits.length })}</h2>
      <ol class="camera-strip" ref={list} onKeyDown={step}>
        {visits.toReversed().map((each) => (
          <li key={each.visit}>
            <button
              type="button"
              title={visitLine(each)}
              aria-label={visitLine(each)}
              aria-pressed={each.visit === shown?.visit}
              tabIndex={each.visit === (shown?.visit ?? newest) ? 0 : -1}
              onClick={() => setQuery({ visit: each.visit })}
            >
              <span class={barClass(each)} style={{ height: `${heightOf(each, most)}%` }} />
            </button>
          </li>
        ))}
      </ol>
      <p class="quiet camera-legend">{t('camera.legend')}</p>
    </section>
  );
}

/** Arrow keys go from visit to visit: the strip is one stop of the Tab key, however many there are. */
function step(event: KeyboardEvent): void {
  const item = event.target instanceof Element ? event.target.closest('li') : null;
  const next = event.key === 'ArrowLeft' ? item?.previousElementSibling : item?.nextElementSibling;
  const button = next?.querySelector('button');
  if (!['ArrowLeft', 'ArrowRight'].includes(event.key) || button === null || button === undefined) return;
  event.preventDefault();
  button.focus();
  button.click();
}

function barClass(visit: CameraVisit): string {
  return isClear(visit) ? `camera-fill camera-fill-${visit.worstSeverity ?? 'none'}` : 'camera-fill camera-fill-unsure';
}

function heightOf(visit: CameraVisit, most: number): number {
  if (!isClear(visit)) return 100;
  return Math.max(LOWEST, (100 * (visit.damagedRoadShare ?? 0)) / most);
}
