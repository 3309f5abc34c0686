import { number } from '../../format.js';
import { t } from '../../i18n/texts.js';
import { Severity } from '../../parts/badge.js';
import { Show } from '../../parts/show.js';
import type { Resource } from '../../resource.js';
import { link } from '../../router.js';
import type { FindingCounts } from '../../shapes.js';

const SEVERITIES = ['high', 'medium', 'low'];

interface CountsProps {
  readonly counts: Resource<FindingCounts>;
}

/** A service that keeps no findings has no such numbers. */
function hasNone({ data, error }: Resource<FindingCounts>): boolean {
  return data.value === undefined && error.value?.status === 404;
}

/** How many findings a person has to look at, the worst first. */
export function FindingsCard({ counts }: CountsProps) {
  if (hasNone(counts)) return null;
  return (
    <section class="card">
      <h2>
        <a href={link(['review'])}>{t('city.toReview')}</a>
      </h2>
      <Show of={counts}>
        {({ toReview, bySeverity }) => (
          <>
            <p class="big">{number(toReview)}</p>
            <dl class="city-numbers">
              {SEVERITIES.map((each) => (
                <div key={each}>
                  <dt>
                    <Severity of={each} />
                  </dt>
                  <dd>{number(bySeverity[each] ?? 0)}</dd>
                </div>
              ))}
            </dl>
          </>
        )}
      </Show>
    </section>
  );
}

/** What changed since yesterday. */
export function ChangesCard({ counts }: CountsProps) {
  if (hasNone(counts)) return null;
  return (
    <section class="card">
      <h2>
        <a href={link(['findings'])}>{t('city.sinceYesterday')}</a>
      </h2>
      <Show of={counts}>
        {({ newSince24h, grownSince24h, goneSince24h }) => (
          <dl class="city-numbers">
            {(
              [
                ['new', newSince24h],
                ['grown', grownSince24h],
                ['gone', goneSince24h],
              ] as const
            ).map(([name, value]) => (
              <div key={name}>
                <dt>{t(`city.${name}`)}</dt>
                <dd>{number(value)}</dd>
              </div>
            ))}
          </dl>
        )}
      </Show>
    </section>
  );
}
