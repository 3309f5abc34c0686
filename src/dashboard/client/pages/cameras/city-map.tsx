import { get } from '../../api.js';
import { t } from '../../i18n/texts.js';
import { PlaceMap, type Place } from '../../parts/map.js';
import { Empty, Show } from '../../parts/show.js';
import { useResource } from '../../resource.js';
import { link, navigate } from '../../router.js';
import type { CameraItem } from '../../shapes.js';
import { allCameras } from './all-cameras.js';

const LOOK_EVERY_MS = 60_000;

/** Where cameras are and where they look to. */
export function CityMap({ filter }: { readonly filter: Readonly<Record<string, string | undefined>> }) {
  const house = useResource('house', (signal) => get<{ mapTilesUrl: string | null }>('dashboard', {}, signal));
  const cameras = useResource(`map ${JSON.stringify(filter)}`, (signal) => allCameras(filter, signal), {
    everyMs: LOOK_EVERY_MS,
  });
  return (
    <Show of={house}>
      {({ mapTilesUrl }) => (
        <Show of={cameras}>
          {(items) => {
            const places = items.flatMap(placeOf);
            return (
              <>
                {places.length === 0 ? (
                  <Empty>{t('cameras.nowhere')}</Empty>
                ) : (
                  <PlaceMap
                    label={t('cameras.map')}
                    places={places}
                    tilesUrl={mapTilesUrl}
                    onOpen={(id) => navigate(link(['cameras', id]))}
                  />
                )}
                {places.length < items.length && (
                  <p class="quiet">{t('cameras.unplaced', { n: items.length - places.length })}</p>
                )}
              </>
            );
          }}
        </Show>
      )}
    </Show>
  );
}

function placeOf({ cctvId, name, location, bearing, failing, stale }: CameraItem): Place[] {
  if (location === null) return [];
  const tone = failing !== null ? 'bad' : stale ? 'note' : 'good';
  return [{ id: cctvId, ...location, name: name ?? cctvId, bearing, tone }];
}
