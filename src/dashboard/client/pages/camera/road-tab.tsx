import { useState } from 'preact/hooks';
import { moment, percent } from '../../format.js';
import { t, textOf } from '../../i18n/texts.js';
import { Badge, Severity } from '../../parts/badge.js';
import { Button } from '../../parts/button.js';
import { useResource } from '../../resource.js';
import { link } from '../../router.js';
import { may } from '../../session.js';
import {
  cameraPath,
  classWord,
  getIfThere,
  isClear,
  isSamePlace,
  type CameraFinding,
  type CameraMark,
  type CameraVisit,
  type Shares,
} from './camera-data.js';
import type { CameraSight } from './camera-page.js';
import { MissedDamage } from './missed.js';
import { Stage, type Point } from './stage.js';

/** Less is a slip of the hand; share of the picture. */
const SMALLEST = 0.005;

/** One visit's picture, large, with its marks, which can be hidden; a box can be drawn for what was missed. */
export function RoadTab({ camera, shown, findings, reload }: CameraSight) {
  const [isMarked, setMarked] = useState(true);
  const [isDrawing, setDrawing] = useState(false);
  const [from, setFrom] = useState<Point>();
  const [box, setBox] = useState<Shares>();
  const [missed, setMissed] = useState<Shares>();
  const marks = useResource(`marks ${shown?.visit ?? ''}`, (signal) => readMarks(camera.cctvId, shown, signal));
  if (shown === undefined) return null;
  const stop = (): void => (setDrawing(false), setFrom(undefined), setBox(undefined));
  const drawing = {
    onDown: (at: Point) => setFrom(at),
    onMove: (at: Point) => from !== undefined && setBox(boxOf(from, at)),
    onUp: () => {
      if (box !== undefined && box.width > SMALLEST && box.height > SMALLEST) setMissed(box);
      stop();
    },
  };
  return (
    <section aria-label={t('camera.tab_road')}>
      <Stage visit={shown} label={t('camera.pictureOf', { when: moment(shown.at) })} {...(isDrawing ? drawing : {})}>
        {isMarked && <Marks marks={marks.data.value ?? []} findings={findings} visit={shown} />}
        {box !== undefined && <rect class="camera-drawn" {...box} />}
      </Stage>
      <div class="camera-bar">
        <label class="camera-check">
          <input type="checkbox" checked={isMarked} onChange={() => setMarked(!isMarked)} /> {t('camera.marks')}
        </label>
        <Verdict visit={shown} />
        {may('inspector') && shown.picture !== null && (
          <Button onClick={() => (isDrawing ? stop() : setDrawing(true))}>
            {t(isDrawing ? 'common.cancel' : 'camera.missed')}
          </Button>
        )}
      </div>
      {isDrawing && <p class="camera-hint">{t('camera.drawHint')}</p>}
      {missed !== undefined && (
        <MissedDamage
          cctvId={camera.cctvId}
          jobId={shown.jobId}
          box={missed}
          onClose={() => setMissed(undefined)}
          onDone={reload}
        />
      )}
    </section>
  );
}

async function readMarks(cctvId: string, shown: CameraVisit | undefined, signal: AbortSignal): Promise<CameraMark[]> {
  if (shown === undefined) return [];
  const path = cameraPath(cctvId, `/visits/${shown.visit}/marks`);
  return (await getIfThere(path, { items: [] as CameraMark[] }, signal)).items;
}

function boxOf([ax, ay]: Point, [bx, by]: Point): Shares {
  return { x: Math.min(ax, bx), y: Math.min(ay, by), width: Math.abs(ax - bx), height: Math.abs(ay - by) };
}

interface MarksProps {
  readonly marks: readonly CameraMark[];
  readonly findings: readonly CameraFinding[];
  readonly visit: CameraVisit;
}

/** What the visit marked, what people rejected in grey, and what people drew themselves. */
function Marks({ marks, findings, visit }: MarksProps) {
  const rejected = findings.filter(({ state }) => state === 'rejected');
  const drawn = findings.filter(({ missed, state }) => missed && state !== 'rejected');
  const toneOf = ({ box, severity }: CameraMark): string => {
    if (!isClear(visit) || rejected.some((finding) => isSamePlace(finding.box, box))) return 'camera-doubt';
    return `camera-${severity}`;
  };
  return (
    <>
      {marks.map((mark, i) => (
        <rect key={i} class={`camera-mark ${toneOf(mark)}`} {...mark.box}>
          <title>{`${classWord(mark.class)} · ${percent(mark.confidence)}`}</title>
        </rect>
      ))}
      {drawn.map(({ id, box }) => (
        <rect key={id} class="camera-mark camera-own" {...box} />
      ))}
    </>
  );
}

function Verdict({ visit }: { readonly visit: CameraVisit }) {
  const { light, reason, jobId, damagedRoadShare, worstSeverity } = visit;
  return (
    <div class="camera-verdict">
      <span>{moment(visit.at)}</span>
      {light !== null && <Badge>{textOf(`camera.light_${light}`) ?? light}</Badge>}
      {isClear(visit) ? (
        <>
          <span>{t('camera.damaged', { share: percent(damagedRoadShare ?? 0, 1) })}</span>
          <Severity of={worstSeverity} />
        </>
      ) : (
        <Badge tone="note">{t('camera.inconclusive')}</Badge>
      )}
      <a href={link(['jobs', jobId])}>{t('camera.toJob')}</a>
      {reason !== null && <span class="quiet camera-reason">{reason}</span>}
    </div>
  );
}
