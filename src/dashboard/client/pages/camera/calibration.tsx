import { useState } from 'preact/hooks';
import { moment } from '../../format.js';
import { t, type TextKey } from '../../i18n/texts.js';
import { Button } from '../../parts/button.js';
import { Empty } from '../../parts/show.js';
import type { CameraSight } from './camera-page.js';
import { Handles } from './handles.js';
import { CORNERS, entryFor, objectionTo, REGION_POINTS, type Objection, type Outlines } from './outline.js';
import { Stage, type Point } from './stage.js';

type Part = 'region' | 'corners';

const MOST: Readonly<Record<Part, number>> = { region: REGION_POINTS.max, corners: CORNERS };
const EMPTY: Outlines = { region: [], corners: [], widthM: 7, lengthM: 30 };

/** Has the road's outline and a measured rectangle clicked on a picture, and gives the lines for CAMERAS_FILE. */
export function Calibration({ camera, shown }: CameraSight) {
  const [part, setPart] = useState<Part>('region');
  const [outlines, setOutlines] = useState<Outlines>(EMPTY);
  if (shown?.picture === null || shown === undefined) return <Empty>{t('camera.noPicture')}</Empty>;
  const change = (points: readonly Point[]): void => setOutlines({ ...outlines, [part]: points });
  const add = (point: Point): void => {
    if (outlines[part].length < MOST[part]) change([...outlines[part], point]);
  };
  return (
    <div class="camera-columns">
      <section class="camera-main" aria-label={t('camera.tab_calibrate')}>
        <Stage
          visit={shown}
          label={t('camera.pictureOf', { when: moment(shown.at) })}
          onDown={add}
          above={<Handles points={outlines[part]} onChange={change} />}
        >
          <polygon class={`camera-outline ${part === 'region' ? 'on' : ''}`} points={outlines.region.join(' ')} />
          <polygon class={`camera-rectangle ${part === 'corners' ? 'on' : ''}`} points={outlines.corners.join(' ')} />
        </Stage>
        <p class="camera-hint">{t(`camera.hint_${part}`, { n: outlines[part].length })}</p>
      </section>
      <aside class="camera-tools" aria-label={t('camera.calibration')}>
        <div class="camera-tabs" role="group" aria-label={t('camera.whatToClick')}>
          {(['region', 'corners'] as const).map((each) => (
            <button key={each} type="button" aria-pressed={each === part} onClick={() => setPart(each)}>
              {t(`camera.part_${each}`)}
            </button>
          ))}
        </div>
        <div class="camera-buttons">
          <Button disabled={outlines[part].length >= MOST[part]} onClick={() => add([0.5, 0.5])}>
            {t('camera.addPoint')}
          </Button>
          <Button disabled={outlines[part].length === 0} onClick={() => change(outlines[part].slice(0, -1))}>
            {t('camera.removeLast')}
          </Button>
          <Button disabled={outlines[part].length === 0} onClick={() => change([])}>
            {t('camera.clear')}
          </Button>
        </div>
        <div class="camera-pair">
          <Metres
            label={t('camera.widthM')}
            value={outlines.widthM}
            onChange={(widthM) => setOutlines({ ...outlines, widthM })}
          />
          <Metres
            label={t('camera.lengthM')}
            value={outlines.lengthM}
            onChange={(lengthM) => setOutlines({ ...outlines, lengthM })}
          />
        </div>
        <Entry cctvId={camera.cctvId} outlines={outlines} />
      </aside>
    </div>
  );
}

interface MetresProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (metres: number) => void;
}

function Metres({ label, value, onChange }: MetresProps) {
  return (
    <label>
      {label}
      <input
        type="number"
        min={0.1}
        max={1_000}
        step="any"
        value={value}
        onInput={({ currentTarget }) => onChange(currentTarget.valueAsNumber)}
      />
    </label>
  );
}

const OBJECTIONS: Readonly<Record<Objection, TextKey>> = {
  nothing: 'camera.wrong_nothing',
  fewPoints: 'camera.wrong_fewPoints',
  crosses: 'camera.wrong_crosses',
  fewCorners: 'camera.wrong_fewCorners',
  cornerOrder: 'camera.wrong_cornerOrder',
  noSize: 'camera.wrong_noSize',
};

function Entry({ cctvId, outlines }: { readonly cctvId: string; readonly outlines: Outlines }) {
  const [copied, setCopied] = useState<string>();
  const objection = objectionTo(outlines);
  if (objection !== undefined) return <p class="camera-hint">{t(OBJECTIONS[objection])}</p>;
  const text = entryFor(cctvId, outlines);
  const copy = (): void =>
    void navigator.clipboard.writeText(text).then(
      () => setCopied(text),
      () => undefined,
    );
  return (
    <>
      <label>
        {t('camera.entry')}
        <textarea
          class="camera-json"
          rows={9}
          readOnly
          value={text}
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
      </label>
      <div class="camera-buttons">
        <Button kind="main" onClick={copy}>
          {t('camera.copy')}
        </Button>
        <span aria-live="polite" class="good">
          {copied === text ? t('camera.copied') : ''}
        </span>
      </div>
      <p class="quiet">{t('camera.entryHint')}</p>
    </>
  );
}
