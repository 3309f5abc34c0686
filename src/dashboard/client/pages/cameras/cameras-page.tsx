import { FilterText } from '../../parts/filter-text.js';
import { useState } from 'preact/hooks';
import { get } from '../../api.js';
import { number } from '../../format.js';
import { t } from '../../i18n/texts.js';
import { usePaged } from '../../paged.js';
import { Button } from '../../parts/button.js';
import { Empty, Show } from '../../parts/show.js';
import { useResource } from '../../resource.js';
import { query, setQuery } from '../../router.js';
import { may } from '../../session.js';
import type { CameraCounts, CameraItem, CameraPage } from '../../shapes.js';
import { CameraCard } from './camera-card.js';
import { CityMap } from './city-map.js';
import { InspectMany } from './inspect-many.js';

/** A busy city tells a lot. ms */
const GATHER_MS = 10_000;
const PAGE = 50;
const UPKEEP = { events: ['camera.updated', 'job.failed'], gatherMs: GATHER_MS };

/** What the address says of which cameras are wanted. */
export function filterOf() {
  const { q, tag, road, state } = query.value;
  return { q, tag, road, state };
}

/** All cameras, as a wall of what they last clearly saw, or on a map. */
export function CamerasPage() {
  const filter = filterOf();
  const isMap = query.value['view'] === 'map';
  const [isAsking, ask] = useState(false);
  const counts = useResource(
    `counts ${JSON.stringify(filter)}`,
    async (signal) => (await get<CameraPage>('cameras', { ...filter, limit: 1 }, signal)).counts,
    UPKEEP,
  );
  const named = namedBy(counts.data.value, filter.state);
  return (
    <>
      <div class="head">
        <h1>{t('cameras.title')}</h1>
        {may('inspector') && named > 0 && (
          <Button onClick={() => ask(true)}>{t('cameras.inspectAll', { n: named })}</Button>
        )}
      </div>
      {isAsking && <InspectMany filter={filter} count={named} onClose={() => ask(false)} />}
      <States counts={counts.data.value} />
      <Filters isMap={isMap} />
      {isMap ? <CityMap filter={filter} /> : <Wall filter={filter} />}
    </>
  );
}

function namedBy(counts: CameraCounts | undefined, state: string | undefined): number {
  if (counts === undefined) return 0;
  return state === 'failing' || state === 'down' || state === 'stale' ? counts[state] : counts.all;
}

function States({ counts }: { readonly counts: CameraCounts | undefined }) {
  const chosen = query.value['state'] ?? '';
  const states = [
    ['', t('common.all'), counts?.all],
    ['failing', t('city.failing'), counts?.failing],
    ['down', t('city.down'), counts?.down],
    ['stale', t('city.stale'), counts?.stale],
  ] as const;
  return (
    <div class="tabs" role="group" aria-label={t('cameras.state')}>
      {states.map(([state, name, count]) => (
        <button key={state} type="button" aria-pressed={state === chosen} onClick={() => setQuery({ state })}>
          {name}
          {count !== undefined && <span class="count">{number(count)}</span>}
        </button>
      ))}
    </div>
  );
}

function Filters({ isMap }: { readonly isMap: boolean }) {
  return (
    <div class="row">
      <FilterText name="q" label={t('cameras.name')} />
      <FilterText name="tag" label={t('cameras.tag')} />
      <FilterText name="road" label={t('cameras.road')} />
      <div class="tabs cameras-views" role="group" aria-label={t('cameras.view')}>
        <Button pressed={!isMap} onClick={() => setQuery({ view: undefined })}>
          {t('cameras.wall')}
        </Button>
        <Button pressed={isMap} onClick={() => setQuery({ view: 'map' })}>
          {t('cameras.map')}
        </Button>
      </div>
    </div>
  );
}

function Wall({ filter }: { readonly filter: ReturnType<typeof filterOf> }) {
  const cameras = usePaged<CameraItem>('cameras', { ...filter, limit: PAGE }, UPKEEP);
  return (
    <Show of={cameras}>
      {({ items, hasMore }) => (
        <>
          {items.length === 0 && <Empty>{t('cameras.none')}</Empty>}
          <ul class="cameras-wall">
            {items.map((camera) => (
              <CameraCard key={camera.cctvId} camera={camera} />
            ))}
          </ul>
          {hasMore && (
            <p>
              <Button onClick={() => cameras.more()}>{t('common.more')}</Button>
            </p>
          )}
        </>
      )}
    </Show>
  );
}
