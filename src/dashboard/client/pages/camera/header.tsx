import { useState } from 'preact/hooks';
import { send } from '../../api.js';
import { t } from '../../i18n/texts.js';
import { useAct } from '../../parts/act.js';
import { Badge } from '../../parts/badge.js';
import { Button } from '../../parts/button.js';
import { Problem } from '../../parts/problem.js';
import { Sparkline } from '../../parts/sparkline.js';
import { Time } from '../../parts/time.js';
import { link } from '../../router.js';
import { may } from '../../session.js';
import { type Camera } from './camera-data.js';
import type { CameraSight } from './camera-page.js';

/** Seconds that an inspection watches. */
const WATCHED_S = 20;

/** What the camera is, how it fares, and the way to have it looked at. */
export function Header({ camera }: CameraSight) {
  const { cctvId, name, road, tags, lastClear } = camera;
  return (
    <header class="camera-head">
      <div>
        <h1>
          {name ?? cctvId} {name !== null && <span class="quiet camera-id">{cctvId}</span>}
        </h1>
        <p class="camera-facts">
          <State camera={camera} />
          {road !== null && <span>{road}</span>}
          {tags.map((tag) => (
            <Badge key={tag}>{tag}</Badge>
          ))}
          <span class="quiet">
            {camera.inspectEveryMinutes === null
              ? t('camera.notScheduled')
              : t('camera.scheduled', { n: camera.inspectEveryMinutes })}
          </span>
          <span class="quiet">
            {t('camera.lastClear')} <Time at={lastClear?.at} />
          </span>
          <Safety camera={camera} />
        </p>
        <Why camera={camera} />
      </div>
      {may('inspector') && <InspectNow cctvId={cctvId} />}
    </header>
  );
}

/** The safety scores of its last assessments, the newest at the right. */
function Safety({ camera: { history } }: { readonly camera: Camera }) {
  const [newest] = history;
  if (newest === undefined) return null;
  const label = t('camera.safety', { score: newest.safetyScore });
  return (
    <span class="camera-safety">
      {label}
      {history.length > 1 && (
        <Sparkline values={history.map(({ safetyScore }) => safetyScore).toReversed()} label={label} />
      )}
    </span>
  );
}

function State({ camera: { down, failing, stale, inspection } }: { readonly camera: Camera }) {
  if (down !== null) return <Badge tone="bad">{t('camera.down')}</Badge>;
  if (failing !== null) return <Badge tone="note">{t('camera.failing')}</Badge>;
  if (stale) return <Badge tone="note">{t('camera.stale')}</Badge>;
  if (inspection === null) return <Badge>{t('camera.unseen')}</Badge>;
  return <Badge tone="good">{t('camera.ok')}</Badge>;
}

function Why({ camera: { failing, down, stale } }: { readonly camera: Camera }) {
  if (failing !== null) {
    return (
      <p class="camera-why">
        {t(down === null ? 'camera.failsSince' : 'camera.downSince')} <Time at={failing.since} />: {failing.message}{' '}
        <code>{failing.code}</code>
      </p>
    );
  }
  return stale ? <p class="camera-why">{t('camera.staleWhy')}</p> : null;
}

function InspectNow({ cctvId }: { readonly cctvId: string }) {
  const act = useAct();
  const [asked, setAsked] = useState<string>();
  const ask = (priority: 'normal' | 'urgent'): void =>
    void act.run(async () => {
      const { id } = await send<{ id: string }>('POST', 'jobs', { cctvId, sec: WATCHED_S, priority });
      setAsked(id);
    });
  return (
    <div class="camera-inspect">
      <div class="camera-buttons">
        <Button kind="main" disabled={act.isBusy.value} onClick={() => ask('normal')}>
          {t('camera.inspect')}
        </Button>
        <Button disabled={act.isBusy.value} onClick={() => ask('urgent')}>
          {t('camera.inspectUrgent')}
        </Button>
      </div>
      <div aria-live="polite">
        {asked !== undefined && (
          <p class="camera-asked">
            {t('camera.asked')} <a href={link(['jobs', asked])}>{t('camera.toJob')}</a>
          </p>
        )}
      </div>
      {act.error.value !== undefined && <Problem error={act.error.value} />}
    </div>
  );
}
