import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { get } from '../../api.js';
import { t } from '../../i18n/texts.js';
import { listen } from '../../live.js';
import { Button } from '../../parts/button.js';
import { Problem } from '../../parts/problem.js';
import { Empty } from '../../parts/show.js';
import { useResource } from '../../resource.js';
import { query } from '../../router.js';
import { may } from '../../session.js';
import { Actions } from './actions.js';
import { Help } from './help.js';
import { Inbox } from './inbox.js';
import { useKeys } from './keys.js';
import { Look } from './look.js';
import { Said, Why } from './why.js';

const MOST_ZOOM = 6;
const LEAST_ZOOM = 0.4;

/** The inbox: one finding at a time. What the address names beside `id` is a filter. */
export function ReviewPage() {
  const { id, ...filter } = query.value;
  const key = JSON.stringify(filter);
  const inbox = useMemo(() => new Inbox(filter), [key]);
  const [zoom, setZoom] = useState(1);
  const [isMarked, mark] = useState(true);
  const [isHelped, help] = useState(false);
  const noteBox = useRef<HTMLTextAreaElement>(null);
  const zoomBy = (by: number): void => setZoom((old) => Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, old * by)));
  useEffect(() => {
    void inbox.load(id);
    return listen(['finding.updated'], (event) => (event.type === 'resync' ? void inbox.refresh() : inbox.hear(event)));
  }, [inbox]);
  useKeys(inbox, {
    toggleMarks: () => mark((old) => !old),
    zoom: zoomBy,
    writeNote: () => noteBox.current?.focus(),
    help: () => help(true),
  });
  const finding = inbox.current.value;
  return (
    <div class="review">
      <div class="head">
        <h1>{t('review.title')}</h1>
        <Left />
        <div class="review-tools">
          <Button onClick={() => zoomBy(1.25)}>+</Button>
          <Button onClick={() => zoomBy(0.8)}>−</Button>
          <Button onClick={() => mark(!isMarked)}>{isMarked ? t('review.hideMarks') : t('review.showMarks')}</Button>
          <Button onClick={() => help(true)}>?</Button>
        </div>
      </div>
      <Notices inbox={inbox} />
      {inbox.queue.value?.length === 0 && <Empty>{t('review.none')}</Empty>}
      {inbox.queue.value === undefined && inbox.error.value === undefined && <p class="quiet">{t('common.reading')}</p>}
      {finding !== undefined && (
        <article aria-label={finding.id} data-finding={finding.id}>
          <div class="review-body">
            <div>
              <Look key={finding.id} finding={finding} zoom={zoom} isMarked={isMarked} />
            </div>
            <Why finding={finding} />
          </div>
          {may('inspector') && <Actions inbox={inbox} finding={finding} noteBox={noteBox} />}
        </article>
      )}
      {isHelped && <Help onClose={() => help(false)} />}
    </div>
  );
}

/** "37 left". */
function Left() {
  const counts = useResource(
    'counts of findings',
    (signal) => get<{ toReview: number }>('findings/counts', {}, signal),
    { events: ['finding.updated'] },
  );
  const left = counts.data.value?.toReview;
  return (
    <p class="review-left" role="status">
      {left !== undefined && t('review.left', { n: left })}
    </p>
  );
}

/** What went wrong, and what others did meanwhile. */
function Notices({ inbox }: { readonly inbox: Inbox }) {
  const { conflict, taken, error } = inbox;
  return (
    <>
      {error.value !== undefined && <Problem error={error.value} />}
      {taken.value !== undefined && (
        <p class="review-notice" role="status">
          {t('review.taken')}
        </p>
      )}
      {conflict.value !== undefined && (
        <div class="review-notice" role="alert">
          <p>{t('review.conflict')}</p>
          <Said finding={conflict.value} />
        </div>
      )}
    </>
  );
}
