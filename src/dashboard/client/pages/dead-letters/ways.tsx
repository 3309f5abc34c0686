import { useState } from 'preact/hooks';
import { send } from '../../api.js';
import { duration, moment } from '../../format.js';
import { t } from '../../i18n/texts.js';
import { useAct } from '../../parts/act.js';
import { Button } from '../../parts/button.js';
import { Dialog } from '../../parts/dialog.js';
import { Problem } from '../../parts/problem.js';
import { may } from '../../session.js';
import type { LetterFilter } from './letter.js';

interface WaysProps {
  readonly filter: LetterFilter;
  readonly count: number;
  readonly onDone: () => void;
}

/** As many a minute as a camera's server bears as a rule. */
const PER_MINUTE = 30;
const MOST_PER_MINUTE = 600;
const MINUTE_MS = 60_000;

interface Redriven {
  readonly redriven: number;
  readonly lastAt?: string | null;
  readonly complete?: boolean;
}

/** What an operator may do with a group: put it back, at once or slowly, or delete it. */
export function Ways({ filter, count, onDone }: WaysProps) {
  const [asked, ask] = useState<'redrive' | 'purge'>();
  const [told, tell] = useState('');
  if (!may('operator')) return null;
  const done = (sentence: string): void => {
    ask(undefined);
    tell(sentence);
    onDone();
  };
  const of = { filter, count, onDone: done, onClose: () => ask(undefined) };
  return (
    <>
      <Button kind="main" onClick={() => ask('redrive')}>
        {t('letters.redrive', { n: count })}
      </Button>
      <Button kind="danger" onClick={() => ask('purge')}>
        {t('letters.purge', { n: count })}
      </Button>
      {told !== '' && <span role="status">{told}</span>}
      {asked === 'redrive' && <Redrive {...of} />}
      {asked === 'purge' && <Purge {...of} />}
    </>
  );
}

interface AskProps {
  readonly filter: LetterFilter;
  readonly count: number;
  readonly onDone: (sentence: string) => void;
  readonly onClose: () => void;
}

function Redrive({ filter, count, onDone, onClose }: AskProps) {
  const act = useAct();
  const [isSlow, slow] = useState(count > PER_MINUTE);
  const [perMinute, setPerMinute] = useState(PER_MINUTE);
  const submit = (event: Event): void => {
    event.preventDefault();
    void act.run(async () => {
      const body = isSlow ? { filter, perMinute } : { filter };
      onDone(toldOf(await send<Redriven>('POST', 'dead-letters/redrive', body)));
    });
  };
  return (
    <Dialog title={t('letters.redrive', { n: count })} onClose={onClose}>
      <form class="fields" onSubmit={submit}>
        <p>{t('letters.redriveAsk', { n: count, code: filter.code ?? '' })}</p>
        <label class="check">
          <input type="checkbox" checked={isSlow} onChange={({ currentTarget }) => slow(currentTarget.checked)} />
          {t('letters.slowly')}
        </label>
        {isSlow && (
          <label>
            {t('letters.perMinute')}
            <input
              type="number"
              min={1}
              max={MOST_PER_MINUTE}
              required
              value={perMinute}
              onInput={({ currentTarget }) => setPerMinute(currentTarget.valueAsNumber || 1)}
            />
          </label>
        )}
        {isSlow && <p class="quiet">{t('letters.takes', { time: duration((count / perMinute) * MINUTE_MS) })}</p>}
        {act.error.value !== undefined && <Problem error={act.error.value} />}
        <p class="buttons">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="main" type="submit" disabled={act.isBusy.value}>
            {t('letters.redriveNow')}
          </Button>
        </p>
      </form>
    </Dialog>
  );
}

function toldOf({ redriven, lastAt, complete }: Redriven): string {
  const until = typeof lastAt === 'string' ? t('letters.until', { time: moment(lastAt) }) : '';
  return [t('letters.redriven', { n: redriven }), until, complete === false ? t('letters.rest') : ''].join(' ').trim();
}

/** Deleted is deleted: who does it types how many. */
function Purge({ filter, count, onDone, onClose }: AskProps) {
  const act = useAct();
  const [typed, type] = useState('');
  const submit = (event: Event): void => {
    event.preventDefault();
    void act.run(async () => {
      const { purged } = await send<{ purged: number }>('POST', 'dead-letters/purge', {
        filter,
        expect: Number(typed),
      });
      onDone(t('letters.purged', { n: purged }));
    });
  };
  return (
    <Dialog title={t('letters.purge', { n: count })} onClose={onClose}>
      <form class="fields" onSubmit={submit}>
        <p>{t('letters.purgeAsk', { n: count, code: filter.code ?? '' })}</p>
        <label>
          {t('letters.type', { n: String(count) })}
          <input
            inputMode="numeric"
            pattern="\d+"
            required
            autocomplete="off"
            value={typed}
            onInput={({ currentTarget }) => type(currentTarget.value)}
          />
        </label>
        {act.error.value !== undefined && <Problem error={act.error.value} />}
        <p class="buttons">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="danger" type="submit" disabled={act.isBusy.value || typed !== String(count)}>
            {t('letters.purgeNow')}
          </Button>
        </p>
      </form>
    </Dialog>
  );
}
