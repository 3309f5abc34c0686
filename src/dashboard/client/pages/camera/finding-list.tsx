import { t, textOf } from '../../i18n/texts.js';
import { Badge, Severity, type Tone } from '../../parts/badge.js';
import { Empty } from '../../parts/show.js';
import { Time } from '../../parts/time.js';
import { link } from '../../router.js';
import { classWord, type CameraFinding } from './camera-data.js';

const TONES: Readonly<Record<string, Tone>> = { open: 'note', came_back: 'note', accepted: 'bad', repaired: 'good' };

/** The findings of the camera, each with the way to its review. */
export function FindingList({ findings }: { readonly findings: readonly CameraFinding[] }) {
  return (
    <aside class="camera-findings" aria-label={t('camera.findings')}>
      <h2>{t('camera.findings')}</h2>
      {findings.length === 0 ? (
        <Empty>{t('camera.noFindings')}</Empty>
      ) : (
        <ul>
          {findings.map((finding) => (
            <li key={finding.id}>
              <Entry finding={finding} />
            </li>
          ))}
        </ul>
      )}
    </aside>
  );
}

function Entry({ finding }: { readonly finding: CameraFinding }) {
  const { id, severity, state, since, goneSince, missed, seenIn, lookedAt } = finding;
  return (
    <a href={link(['review'], { id })}>
      <span class="camera-what">
        <strong>{classWord(finding.class)}</strong>
        <Badge tone={TONES[state] ?? 'quiet'}>{textOf(`camera.state_${state}`) ?? state}</Badge>
      </span>
      <span class="camera-what">
        <Severity of={severity} />
        <span class="quiet">{missed ? t('camera.drawnByHand') : t('camera.seenIn', { n: seenIn, m: lookedAt })}</span>
      </span>
      <span class="quiet">
        {t(goneSince === null ? 'camera.since' : 'camera.goneSince')} <Time at={goneSince ?? since} />
      </span>
    </a>
  );
}
