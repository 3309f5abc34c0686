import { useMemo } from 'preact/hooks';
import { get } from '../../api.js';
import { t } from '../../i18n/texts.js';
import { PlaceMap, type Place } from '../../parts/map.js';
import { Empty } from '../../parts/show.js';
import { useResource } from '../../resource.js';
import { setQuery } from '../../router.js';
import type { CameraItem } from '../../shapes.js';
import { allCameras } from '../cameras/all-cameras.js';
import { SEVERITIES, type Finding } from '../review/finding.js';

const TONES: Readonly<Record<string, Place['tone']>> = { high: 'bad', medium: 'note' };

/** Findings at their cameras: how many, and how bad the worst is. One camera picked, and the table shows its own. */
export function FindingsMap({ findings }: { readonly findings: readonly Finding[] }) {
  const house = useResource('house', (signal) => get<{ mapTilesUrl: string | null }>('dashboard', {}, signal));
  const cameras = useResource('places of findings', (signal) => allCameras({}, signal));
  const located = cameras.data.value;
  const places = useMemo(() => placesOf(findings, located ?? []), [findings, located]);
  if (house.data.value === undefined || located === undefined) return <p class="quiet">{t('common.reading')}</p>;
  if (places.length === 0) return <Empty>{t('findings.noPlaces')}</Empty>;
  return (
    <PlaceMap
      label={t('findings.map')}
      places={places}
      tilesUrl={house.data.value.mapTilesUrl}
      onOpen={(cctvId) => setQuery({ cctvId, view: undefined })}
    />
  );
}

function placesOf(findings: readonly Finding[], cameras: readonly CameraItem[]): Place[] {
  return cameras.flatMap(({ cctvId, name, location, bearing }) => {
    const own = findings.filter((finding) => finding.cctvId === cctvId);
    if (own.length === 0 || location === null) return [];
    const worst = SEVERITIES.find((severity) => own.some((finding) => finding.severity === severity)) ?? 'low';
    const label = t('findings.placeLabel', { name: name ?? cctvId, n: own.length });
    return [{ id: cctvId, ...location, name: label, bearing, tone: TONES[worst] ?? 'good' }];
  });
}
