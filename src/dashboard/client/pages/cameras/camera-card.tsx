import { useState } from 'preact/hooks';
import { send, linkUrl } from '../../api.js';
import { t } from '../../i18n/texts.js';
import { useAct } from '../../parts/act.js';
import { Badge, Severity } from '../../parts/badge.js';
import { Button } from '../../parts/button.js';
import { Problem } from '../../parts/problem.js';
import { Time } from '../../parts/time.js';
import { link, navigate } from '../../router.js';
import { may } from '../../session.js';
import type { CameraItem } from '../../shapes.js';

const PICTURE_WIDTH = 320;

/** One camera of the wall: what it last clearly saw and when, how bad it is, and what is wrong with it. */
export function CameraCard({ camera }: { readonly camera: CameraItem }) {
  const { cctvId, name, road, lastClear, inspection } = camera;
  return (
    <li class="card cameras-card">
      <a href={link(['cameras', cctvId])} class="cameras-picture" aria-label={name ?? cctvId}>
        <Picture key={lastClear?.picture} address={lastClear?.picture} />
      </a>
      <div class="cameras-text">
        <a href={link(['cameras', cctvId])} class="cameras-name">
          {name ?? cctvId}
        </a>
        {road !== null && <span class="quiet">{road}</span>}
        <span class="quiet">
          {t('cameras.lastClear')} <Time at={lastClear?.at} />
        </span>
        <span class="cameras-badges">
          {inspection !== null && <Severity of={inspection.damage.worstSeverity} />}
          <Badges of={camera} />
        </span>
        {may('inspector') && <InspectNow id={cctvId} />}
      </div>
    </li>
  );
}

/** The picture may be gone from the store by now. */
function Picture({ address }: { readonly address: string | undefined }) {
  const [isGone, setGone] = useState(false);
  if (address === undefined || isGone) return <span class="quiet">{t('cameras.noPicture')}</span>;
  const source = linkUrl(address, { w: PICTURE_WIDTH });
  return <img src={source} alt="" loading="lazy" decoding="async" onError={() => setGone(true)} />;
}

function Badges({ of: { failing, down, stale, inspection, risk } }: { readonly of: CameraItem }) {
  const verdict = inspection?.damage.verdict;
  return (
    <>
      {failing !== null && (
        <span title={failing.message}>
          <Badge tone="bad">
            {t(down === null ? 'city.failing' : 'city.down')}: {failing.code}
          </Badge>
        </span>
      )}
      {stale && <Badge tone="note">{t('city.stale')}</Badge>}
      {verdict === 'inconclusive' && (
        <span title={inspection?.road.reason ?? ''}>
          <Badge tone="note">{t('cameras.inconclusive')}</Badge>
        </span>
      )}
      {risk !== null && (
        <Badge tone={risk.urgent ? 'bad' : 'quiet'}>{t('cameras.risk', { n: Math.round(risk.risk) })}</Badge>
      )}
    </>
  );
}

function InspectNow({ id }: { readonly id: string }) {
  const act = useAct();
  const inspect = async (): Promise<void> => {
    await act.run(async () => {
      const job = await send<{ readonly id: string }>('POST', 'jobs', { cctvId: id });
      navigate(link(['jobs', job.id]));
    });
  };
  return (
    <>
      <Button disabled={act.isBusy.value} onClick={() => void inspect()} label={t('cameras.inspectOf', { id })}>
        {t('cameras.inspect')}
      </Button>
      {act.error.value !== undefined && <Problem error={act.error.value} />}
    </>
  );
}
