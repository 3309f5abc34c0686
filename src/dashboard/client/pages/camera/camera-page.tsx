import { get } from '../../api.js';
import { t } from '../../i18n/texts.js';
import { Empty, Show } from '../../parts/show.js';
import { useResource } from '../../resource.js';
import { path, query, setQuery } from '../../router.js';
import { Calibration } from './calibration.js';
import { cameraPath, getIfThere, type Camera, type CameraFinding, type CameraVisit } from './camera-data.js';
import { Compare } from './compare.js';
import { FindingList } from './finding-list.js';
import { Header } from './header.js';
import { Recordings } from './recordings.js';
import { RoadTab } from './road-tab.js';
import { Strip } from './strip.js';

const TABS = ['road', 'compare', 'recordings', 'calibrate'] as const;

/** How a look at a camera's list of visits comes. */
export interface CameraSight {
  readonly camera: Camera;
  /** Newest first. */
  readonly visits: readonly CameraVisit[];
  readonly findings: readonly CameraFinding[];
  /** The visit that is looked at. */
  readonly shown: CameraVisit | undefined;
  readonly reload: () => void;
}

/** One camera: how it fares, what its visits saw, what was recorded. */
export function CameraPage() {
  const cctvId = path.value[1] ?? '';
  const sight = useResource(cctvId, (signal) => readSight(cctvId, signal), {
    events: ['camera.updated', 'finding.updated', 'job.failed'],
    everyMs: 60_000,
    cctvId,
  });
  return (
    <Show of={sight}>
      {({ camera, visits, findings }) => {
        const shown = visits.find(({ visit }) => visit === query.value['visit']) ?? firstOf(camera, visits);
        return <CameraView {...{ camera, visits, findings, shown, reload: () => sight.reload() }} />;
      }}
    </Show>
  );
}

async function readSight(cctvId: string, signal: AbortSignal) {
  const list = { items: [] as CameraFinding[] };
  const of = encodeURIComponent(cctvId);
  const [camera, visits, findings] = await Promise.all([
    get<Camera>(cameraPath(cctvId), {}, signal),
    get<{ items: CameraVisit[] }>(cameraPath(cctvId, '/visits'), {}, signal),
    getIfThere(`findings?cctvId=${of}&limit=100`, list, signal),
  ]);
  return { camera, visits: visits.items, findings: findings.items };
}

/** The newest that can be believed, or else the newest with a picture. */
function firstOf({ lastClear }: Camera, visits: readonly CameraVisit[]): CameraVisit | undefined {
  const clear = visits.find(({ visit }) => visit === lastClear?.visit);
  return clear ?? visits.find(({ picture }) => picture !== null) ?? visits[0];
}

function CameraView(sight: CameraSight) {
  const tab = TABS.find((each) => each === query.value['tab']) ?? 'road';
  return (
    <>
      <Header {...sight} />
      <div class="camera-tabs" role="group" aria-label={t('camera.views')}>
        {TABS.map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={each === tab}
            onClick={() => setQuery({ tab: each === 'road' ? '' : each })}
          >
            {t(`camera.tab_${each}`)}
          </button>
        ))}
      </div>
      {tab === 'recordings' ? <Recordings cctvId={sight.camera.cctvId} /> : <Looked tab={tab} sight={sight} />}
    </>
  );
}

function Looked({ tab, sight }: { readonly tab: (typeof TABS)[number]; readonly sight: CameraSight }) {
  if (sight.visits.length === 0) return <Empty>{t('camera.noVisits')}</Empty>;
  if (tab === 'calibrate') return <Calibration {...sight} />;
  return (
    <div class="camera-columns">
      <div class="camera-main">
        {tab === 'compare' ? <Compare {...sight} /> : <RoadTab {...sight} />}
        <Strip visits={sight.visits} shown={sight.shown} />
      </div>
      <FindingList findings={sight.findings} />
    </div>
  );
}
