import { useState } from 'preact/hooks';
import { get } from '../../api.js';
import { moment } from '../../format.js';
import { t } from '../../i18n/texts.js';
import { Problem } from '../../parts/problem.js';
import { Empty } from '../../parts/show.js';
import { useResource } from '../../resource.js';
import { query, setQuery } from '../../router.js';
import { cameraPath, isClear, pictureUrl, visitLine, type CameraVisit } from './camera-data.js';
import type { CameraSight } from './camera-page.js';

/** What is at (x, y) in the first is at (x + dx, y + dy) in the second. */
interface Alignment {
  readonly same: boolean;
  readonly dx: number | null;
  readonly dy: number | null;
}

/** Two visits upon each other; what is left of the line is the earlier one. */
export function Compare({ camera, visits, shown }: CameraSight) {
  const seen = visits.filter(({ picture }) => picture !== null);
  const after = seen.find(({ visit }) => visit === shown?.visit) ?? seen[0];
  const before = seen.find(({ visit }) => visit === query.value['with']) ?? earliest(seen, after);
  if (after === undefined || before === undefined) return <Empty>{t('camera.noPair')}</Empty>;
  return (
    <section aria-label={t('camera.tab_compare')}>
      <Slider cctvId={camera.cctvId} before={before} after={after} />
      <div class="camera-pair">
        <Choice label={t('camera.before')} of={seen} chosen={before} name="with" />
        <Choice label={t('camera.after')} of={seen} chosen={after} name="visit" />
      </div>
    </section>
  );
}

/** The earliest that can be believed, if there is one. */
function earliest(seen: readonly CameraVisit[], after: CameraVisit | undefined): CameraVisit | undefined {
  const others = seen.filter(({ visit }) => visit !== after?.visit);
  return others.findLast(isClear) ?? others.at(-1);
}

interface ChoiceProps {
  readonly label: string;
  readonly of: readonly CameraVisit[];
  readonly chosen: CameraVisit;
  readonly name: 'with' | 'visit';
}

function Choice({ label, of, chosen, name }: ChoiceProps) {
  return (
    <label>
      {label}
      <select value={chosen.visit} onChange={({ currentTarget: { value } }) => setQuery({ [name]: value })}>
        {of.map((visit) => (
          <option key={visit.visit} value={visit.visit}>
            {visitLine(visit)}
          </option>
        ))}
      </select>
    </label>
  );
}

interface PairProps {
  readonly cctvId: string;
  readonly before: CameraVisit;
  readonly after: CameraVisit;
}

function Slider({ cctvId, before, after }: PairProps) {
  const [at, setAt] = useState(50);
  const [from, to] = [before.visit, after.visit];
  const found = useResource(`${from} ${to}`, (signal) =>
    get<Alignment>(cameraPath(cctvId, '/alignment'), { from, to }, signal),
  );
  const alignment = found.data.value;
  const [dx, dy] = [alignment?.dx ?? 0, alignment?.dy ?? 0];
  // The later one is moved back to where the earlier one shows the same.
  const laid = { transform: `translate(${-100 * dx}%, ${-100 * dy}%)` };
  return (
    <>
      <div class="camera-stage camera-slider">
        <img src={pictureUrl(before)} alt={t('camera.pictureOf', { when: moment(before.at) })} draggable={false} />
        <div class="camera-over" style={{ clipPath: `inset(0 0 0 ${at}%)` }}>
          <img
            src={pictureUrl(after)}
            alt={t('camera.pictureOf', { when: moment(after.at) })}
            draggable={false}
            style={laid}
          />
        </div>
        <div class="camera-line" style={{ left: `${at}%` }} aria-hidden="true" />
        <span class="camera-tag camera-left">{t('camera.before')}</span>
        <span class="camera-tag camera-right">{t('camera.after')}</span>
        <input
          type="range"
          min={0}
          max={100}
          value={at}
          aria-label={t('camera.slider')}
          onInput={({ currentTarget }) => setAt(Number(currentTarget.value))}
        />
      </div>
      {found.error.value !== undefined && <Problem error={found.error.value} />}
      <p class="camera-hint" aria-live="polite">
        {alignment === undefined ? t('camera.aligning') : t(alignment.same ? 'camera.aligned' : 'camera.notAligned')}
      </p>
    </>
  );
}
