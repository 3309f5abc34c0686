import { useRef, useState } from 'preact/hooks';
import { linkUrl } from '../../api.js';
import { bytes, moment } from '../../format.js';
import { t, textOf } from '../../i18n/texts.js';
import { Button } from '../../parts/button.js';
import { Empty, Show } from '../../parts/show.js';
import { Severity } from '../../parts/badge.js';
import { usePaged } from '../../paged.js';
import { cameraPath } from './camera-data.js';

/** Something that an assessment saw. */
interface Incident {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
  readonly severity: string;
  readonly description: string;
}

/** As `GET …/recordings` tells it. */
interface Recording {
  readonly name: string;
  readonly start: string;
  readonly bytes: number;
  readonly video: string | null;
  readonly assessment: {
    readonly safetyScore: number;
    readonly summary: string;
    readonly incidents: readonly Incident[];
  } | null;
}

/** What was recorded, with what was seen in it. */
export function Recordings({ cctvId }: { readonly cctvId: string }) {
  const list = usePaged<Recording>(cameraPath(cctvId, '/recordings'), {}, { everyMs: 60_000 });
  const [chosen, choose] = useState<string>();
  return (
    <Show of={list}>
      {({ items, hasMore }) => {
        if (items.length === 0) return <Empty>{t('camera.noRecordings')}</Empty>;
        const shown =
          items.find(({ name }) => name === chosen) ?? items.find(({ video }) => video !== null) ?? items[0]!;
        return (
          <div class="camera-columns">
            <Player key={shown.name} recording={shown} />
            <aside class="camera-findings" aria-label={t('camera.tab_recordings')}>
              <h2>{t('camera.tab_recordings')}</h2>
              <ul>
                {items.map((each) => (
                  <li key={each.name}>
                    <button type="button" aria-pressed={each === shown} onClick={() => choose(each.name)}>
                      <Line recording={each} />
                    </button>
                  </li>
                ))}
              </ul>
              {hasMore && <Button onClick={() => list.more()}>{t('common.more')}</Button>}
            </aside>
          </div>
        );
      }}
    </Show>
  );
}

function Line({ recording: { start, bytes: size, assessment, video } }: { readonly recording: Recording }) {
  const incidents = assessment?.incidents.length ?? 0;
  return (
    <>
      <span class="camera-what">
        <strong>{moment(start)}</strong>
        <span class="quiet">{bytes(size)}</span>
      </span>
      <span class="camera-what quiet">
        {assessment === null
          ? t(video === null ? 'camera.recordingNow' : 'camera.notAssessed')
          : t('camera.scored', { score: assessment.safetyScore, n: incidents })}
      </span>
    </>
  );
}

function Player({ recording }: { readonly recording: Recording }) {
  const video = useRef<HTMLVideoElement>(null);
  const [length, setLength] = useState<number>();
  const incidents = recording.assessment?.incidents ?? [];
  const seconds = length ?? Math.max(1, ...incidents.map(({ end }) => end));
  const jump = (to: number): void => {
    if (video.current === null) return;
    video.current.currentTime = to;
    void video.current.play().catch(() => undefined);
  };
  return (
    <section class="camera-main" aria-label={t('camera.recordingOf', { when: moment(recording.start) })}>
      {recording.video === null ? (
        <Empty>{t('camera.recordingNow')}</Empty>
      ) : (
        <video
          ref={video}
          class="camera-video"
          controls
          preload="metadata"
          src={linkUrl(recording.video)}
          onLoadedMetadata={({ currentTarget: { duration } }) =>
            setLength(Number.isFinite(duration) ? duration : undefined)
          }
        />
      )}
      {incidents.length > 0 && (
        <svg class="camera-timeline" viewBox={`0 0 ${seconds} 1`} preserveAspectRatio="none" aria-hidden="true">
          <rect class="camera-track" x={0} y={0.4} width={seconds} height={0.2} />
          {incidents.map(({ start, end, severity }, i) => (
            <rect
              key={i}
              class={`camera-event camera-fill-${severity}`}
              x={start}
              y={0}
              width={Math.max(end - start, seconds / 100)}
              height={1}
            />
          ))}
        </svg>
      )}
      {recording.assessment !== null && <p>{recording.assessment.summary}</p>}
      <ul class="camera-incidents">
        {incidents.map((incident, i) => (
          <li key={i}>
            <button type="button" onClick={() => jump(incident.start)}>
              {clock(incident.start)}
            </button>
            <Severity of={incident.severity} />
            <span>
              <strong>{textOf(`camera.incident_${incident.kind}`) ?? incident.kind.replaceAll('_', ' ')}</strong>{' '}
              {incident.description}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function clock(seconds: number): string {
  const [minutes, rest] = [Math.floor(seconds / 60), Math.floor(seconds % 60)];
  return `${minutes}:${String(rest).padStart(2, '0')}`;
}
