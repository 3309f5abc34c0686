import { Fact } from '../../parts/fact.js';
import type { Finding } from './finding.js';
import { moment, number, percent } from '../../format.js';
import { t } from '../../i18n/texts.js';
import { Badge, Severity } from '../../parts/badge.js';
import { Time } from '../../parts/time.js';
import { link } from '../../router.js';
import { answerName, className, reasonName, reopenedName, stateName } from './words.js';

/** Why the service says that there is a damage, in facts. */
export function Why({ finding }: { readonly finding: Finding }) {
  const { cctvId, severity, confidence, seenIn, lookedAt, since, lastSeen, detector, missed, reopened } = finding;
  return (
    <section class="card review-why" aria-label={t('review.why')}>
      <p class="review-what">
        <Severity of={severity} /> <strong>{className(finding.class)}</strong> ·{' '}
        <a href={link(['cameras', cctvId])}>{cctvId}</a>
      </p>
      {reopened !== null && (
        <p>
          <Badge tone="note">{reopenedName(reopened)}</Badge>
        </p>
      )}
      <dl class="review-facts">
        <Fact name={t('review.seen')}>
          {t('review.seenIn', { n: seenIn, of: lookedAt })} <Time at={since} />
        </Fact>
        <Fact name={t('review.lastSeen')}>{moment(lastSeen)}</Fact>
        <Fact name={t('review.size')}>{sizeOf(finding)}</Fact>
        <Fact name={t('review.confidence')}>{missed ? t('review.byHand') : percent(confidence)}</Fact>
        <Fact name={t('review.detector')}>
          {detector.name} {detector.version}
        </Fact>
      </dl>
      <Said finding={finding} />
    </section>
  );
}

/** What a person said of it last. */
export function Said({ finding }: { readonly finding: Finding }) {
  const { by, state, answer, reason, reviewedAt, note, ref } = finding;
  if (by === null) return null;
  const what = answer !== null ? answerName(answer) : reason !== null ? reasonName(reason) : '';
  return (
    <p class="review-said">
      {by}: {stateName(state)}
      {what !== '' && ` (${what})`} · <Time at={reviewedAt} />
      {note !== null && <span class="review-note">“{note}”</span>}
      {ref !== null && <code>{ref}</code>}
    </p>
  );
}

/** Metres where the camera is calibrated, else its share of the picture. */
export function sizeOf({ widthM, lengthM, areaM2, box }: Finding): string {
  if (widthM !== null && lengthM !== null) {
    const area = areaM2 === null ? '' : `, ${number(areaM2, 2)} m²`;
    return `${number(widthM, 1)} × ${number(lengthM, 1)} m${area}`;
  }
  if (areaM2 !== null) return `${number(areaM2, 2)} m²`;
  return t('review.ofPicture', { share: percent(box.width * box.height, 2) });
}
