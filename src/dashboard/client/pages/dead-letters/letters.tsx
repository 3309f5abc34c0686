import { send } from '../../api.js';
import { t } from '../../i18n/texts.js';
import { usePaged } from '../../paged.js';
import { useAct } from '../../parts/act.js';
import { Button } from '../../parts/button.js';
import { Problem } from '../../parts/problem.js';
import { Empty, Show } from '../../parts/show.js';
import { Table, type Column } from '../../parts/table.js';
import { Time } from '../../parts/time.js';
import { setQuery } from '../../router.js';
import { may } from '../../session.js';
import { CameraLink, stepName } from '../jobs/words.js';
import type { Letter } from './letter.js';

/** Single dead letters of a reason or a camera. */
export function Letters(props: {
  readonly kind: string;
  readonly code: string | undefined;
  readonly cctvId: string | undefined;
  readonly onDone: () => void;
}) {
  const { kind, code, cctvId, onDone } = props;
  const act = useAct();
  const letters = usePaged<Letter>('dead-letters', { kind, code, cctvId, limit: 50 }, { events: ['job.failed'] });
  const redrive = (id: string): void => {
    void act
      .run(() => send('POST', 'dead-letters/redrive', { kind, id }))
      .then(() => {
        letters.reload();
        onDone();
      });
  };
  return (
    <section>
      <h2>{[code, cctvId].filter((each) => each !== undefined).join(' · ')}</h2>
      <div class="row">
        <label>
          {t('common.camera')}
          <input
            value={cctvId ?? ''}
            placeholder={t('common.all')}
            onChange={({ currentTarget }) => setQuery({ cctvId: currentTarget.value.trim() })}
          />
        </label>
      </div>
      {act.error.value !== undefined && <Problem error={act.error.value} />}
      <Show of={letters}>
        {({ items, hasMore, complete }) => (
          <>
            {items.length === 0 ? (
              <Empty>{t('letters.none')}</Empty>
            ) : (
              <Table label={t('letters.title')} rows={items} columns={columns(redrive)} keyOf={({ id }) => id} />
            )}
            {!complete && <p class="quiet">{t('letters.incomplete')}</p>}
            {hasMore && <Button onClick={() => letters.more()}>{t('common.more')}</Button>}
          </>
        )}
      </Show>
    </section>
  );
}

function columns(redrive: (id: string) => void): Column<Letter>[] {
  const shown: Column<Letter>[] = [
    { head: t('letters.failed'), cell: ({ failedAt }) => <Time at={failedAt} /> },
    { head: t('common.camera'), cell: ({ cctvId }) => <CameraLink id={cctvId} /> },
    { head: t('jobs.job'), cell: ({ jobId }) => <span class="id">{jobId ?? '–'}</span> },
    { head: t('letters.step'), cell: ({ step }) => (step === null ? '–' : stepName(step)) },
    { head: t('letters.attempts'), isNumber: true, cell: ({ attempts }) => attempts },
    { head: t('jobs.why'), cell: ({ message }) => <span class="why">{message}</span> },
  ];
  if (!may('operator')) return shown;
  const act = ({ id }: Letter) => <Button onClick={() => redrive(id)}>{t('letters.redriveOne')}</Button>;
  return [...shown, { head: t('letters.do'), cell: act }];
}
