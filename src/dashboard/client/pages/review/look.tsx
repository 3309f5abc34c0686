import type { Finding } from './finding.js';
import { moment } from '../../format.js';
import { t } from '../../i18n/texts.js';
import { Empty } from '../../parts/show.js';
import { Time } from '../../parts/time.js';
import { around, RoadPicture, useSize, type Size } from './road-picture.js';
import { pictureOf, useVisits, visitPicture, type Visit } from './visits.js';

interface LookProps {
  readonly finding: Finding;
  readonly zoom: number;
  readonly isMarked: boolean;
}

/** Earlier looks that are shown. */
const MOST_EARLIER = 6;

/** The place as large as can be, the whole picture beside it, and the same place at earlier visits. */
export function Look({ finding, zoom, isMarked }: LookProps) {
  const visits = useVisits(finding);
  const src = visits === undefined ? undefined : pictureOf(finding, visits);
  const size = useSize(src);
  if (size === null) return <Empty>{t('review.noPicture')}</Empty>;
  if (visits === undefined || src === undefined || size === undefined)
    return <p class="quiet review-empty">{t('common.reading')}</p>;
  const mark = isMarked ? finding.box : undefined;
  const part = around(finding.box, size, zoom);
  return (
    <>
      <div class="review-pictures">
        <figure>
          <RoadPicture src={src} size={size} part={part} mark={mark} label={t('review.close')} />
        </figure>
        <figure>
          <RoadPicture src={src} size={size} mark={mark} label={t('review.whole')} />
        </figure>
      </div>
      <Earlier visits={visits.filter(({ jobId }) => jobId !== finding.lastJobId)} size={size} finding={finding} />
    </>
  );
}

function Earlier(props: { readonly visits: readonly Visit[]; readonly size: Size; readonly finding: Finding }) {
  const { visits, size, finding } = props;
  if (visits.length === 0) return null;
  const part = around(finding.box, size, 1);
  return (
    <section class="review-earlier" aria-label={t('review.earlier')}>
      <h2>{t('review.earlier')}</h2>
      <ul>
        {visits.slice(0, MOST_EARLIER).map((visit) => (
          <li key={visit.visit}>
            <RoadPicture src={visitPicture(visit)} size={size} part={part} label={moment(visit.at)} />
            <Time at={visit.at} />
            {visit.verdict !== 'clear' && visit.verdict !== null && <span class="quiet"> · {t('review.unclear')}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
