import { useState } from 'preact/hooks';
import { send, type ApiError } from '../../api.js';
import { REASONS, usualAnswer, type Decision, type Finding, type Reason } from '../review/finding.js';
import { t } from '../../i18n/texts.js';
import { useAct } from '../../parts/act.js';
import { Button } from '../../parts/button.js';
import { Dialog } from '../../parts/dialog.js';
import { Problem } from '../../parts/problem.js';
import { asApiError } from '../../resource.js';
import { reasonName } from '../review/words.js';
import type { FindingFilter } from './filter.js';

interface BulkProps {
  readonly filter: FindingFilter;
  readonly chosen: readonly Finding[];
  readonly shown: number;
  readonly onDone: () => void;
}

/** What is meant: those that were ticked, or all that the filter names. */
type Meant = 'chosen' | 'all';

/** What is to be said of many findings at once. */
export function Bulk({ filter, chosen, shown, onDone }: BulkProps) {
  const act = useAct();
  const [meant, mean] = useState<Meant>('chosen');
  const [reason, setReason] = useState<Reason>('shadow');
  const [ref, setRef] = useState('');
  const [asked, ask] = useState<{ decision: Decision; count: number }>();
  if (meant === 'chosen' && chosen.length === 0) {
    return (
      <div class="row">
        <Button onClick={() => mean('all')}>{t('findings.meanAll')}</Button>
      </div>
    );
  }
  const withRef = (decision: Decision): Decision => (ref.trim() === '' ? decision : { ...decision, ref: ref.trim() });
  const start = (decision: Decision): void => {
    void act.run(async () => {
      const count = meant === 'all' ? await countOf(filter) : chosen.length;
      ask({ decision: withRef(decision), count });
    });
  };
  const finish = (): void => {
    mean('chosen');
    ask(undefined);
    onDone();
  };
  return (
    <div class="row findings-bulk" role="group" aria-label={t('findings.bulk')}>
      <strong>
        {meant === 'all' ? t('findings.allMeant') : t('findings.chosen', { n: chosen.length, of: shown })}
      </strong>
      <label>
        {t('findings.ref')}
        <input value={ref} maxLength={100} onInput={({ currentTarget }) => setRef(currentTarget.value)} />
      </label>
      <Button kind="main" disabled={act.isBusy.value} onClick={() => start({ decision: 'accept' })}>
        {t('review.accept')}
      </Button>
      <label>
        {t('findings.reason')}
        <select
          value={reason}
          onChange={({ currentTarget }) => setReason(REASONS.find((each) => each === currentTarget.value) ?? 'other')}
        >
          {REASONS.map((each) => (
            <option key={each} value={each}>
              {reasonName(each)}
            </option>
          ))}
        </select>
      </label>
      <Button disabled={act.isBusy.value} onClick={() => start({ decision: 'reject', reason })}>
        {t('review.reject')}
      </Button>
      <Button disabled={act.isBusy.value} onClick={() => start({ decision: 'repair' })}>
        {t('review.repaired')}
      </Button>
      <Button disabled={act.isBusy.value} onClick={() => start({ decision: 'reopen' })}>
        {t('findings.reopen')}
      </Button>
      <Button onClick={meant === 'all' ? () => mean('chosen') : () => mean('all')}>
        {meant === 'all' ? t('common.cancel') : t('findings.meanAll')}
      </Button>
      {act.error.value !== undefined && <Problem error={act.error.value} />}
      {asked !== undefined && (
        <Sure
          {...asked}
          filter={filter}
          chosen={meant === 'all' ? undefined : chosen}
          onDone={finish}
          onClose={() => ask(undefined)}
        />
      )}
    </div>
  );
}

interface SureProps {
  readonly decision: Decision;
  readonly count: number;
  readonly filter: FindingFilter;
  /** Undefined: all that the filter names. */
  readonly chosen: readonly Finding[] | undefined;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Says how many first. */
function Sure({ decision, count, filter, chosen, onDone, onClose }: SureProps) {
  const act = useAct();
  const go = (): void => {
    const work = (): Promise<unknown> =>
      chosen === undefined
        ? send('POST', 'findings/review', { filter, ...decision, expected: count })
        : reviewEach(chosen, decision);
    void act.run(work).then((isDone) => isDone && onDone());
  };
  return (
    <Dialog title={t(`findings.sure_${decision.decision}`, { n: count })} onClose={onClose}>
      {act.error.value !== undefined && <Problem error={act.error.value} />}
      <p class="buttons">
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button kind="main" disabled={act.isBusy.value || count === 0} onClick={go}>
          {t('findings.doIt', { n: count })}
        </Button>
      </p>
    </Dialog>
  );
}

/** One after the other, each by the version that was seen: what somebody else has changed meanwhile stops it. */
async function reviewEach(findings: readonly Finding[], decision: Decision): Promise<void> {
  for (const { id, version, class: name } of findings) {
    const answer = decision.decision === 'accept' ? { answer: usualAnswer(name) } : {};
    await send('POST', `findings/${encodeURIComponent(id)}/review`, { ...decision, ...answer, version });
  }
}

/** How many a filter names: a review that expects none is refused with their number, and changes nothing. */
async function countOf(filter: FindingFilter): Promise<number> {
  try {
    await send('POST', 'findings/review', { filter, decision: 'reopen', expected: 0 });
    return 0;
  } catch (problem) {
    const error: ApiError = asApiError(problem);
    const count = error.body['count'];
    if (error.status === 409 && typeof count === 'number') return count;
    throw error;
  }
}
