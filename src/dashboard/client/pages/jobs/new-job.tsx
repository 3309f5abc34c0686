import { useState } from 'preact/hooks';
import { get, send } from '../../api.js';
import { t } from '../../i18n/texts.js';
import { useAct } from '../../parts/act.js';
import { Button } from '../../parts/button.js';
import { Dialog } from '../../parts/dialog.js';
import { Problem } from '../../parts/problem.js';
import { useResource } from '../../resource.js';
import { link, navigate } from '../../router.js';

/** Seconds that are watched if nobody says otherwise. */
const WATCHED_S = 20;
const MOST_NAMES = 1_000;

/** Asks for an inspection, and goes on to look at it. */
export function NewJob({ onClose }: { readonly onClose: () => void }) {
  const act = useAct();
  const [wish, setWish] = useState({ cctvId: '', hls: '', sec: WATCHED_S, priority: 'normal' });
  const cameras = useResource('names of cameras', (signal) =>
    get<{ items: { cctvId: string }[] }>('cameras', { limit: MOST_NAMES }, signal),
  );
  const change = (part: Partial<typeof wish>): void => setWish({ ...wish, ...part });
  const submit = (event: Event): void => {
    event.preventDefault();
    const { hls, ...rest } = wish;
    void act.run(async () => {
      const { id } = await send<{ id: string }>('POST', 'jobs', hls === '' ? rest : { ...rest, hls });
      navigate(link(['jobs', id]));
    });
  };
  return (
    <Dialog title={t('jobs.make')} onClose={onClose}>
      <form class="fields" onSubmit={submit}>
        <label>
          {t('common.camera')}
          <input
            required
            list="camera-names"
            value={wish.cctvId}
            onInput={({ currentTarget }) => change({ cctvId: currentTarget.value.trim() })}
          />
          <datalist id="camera-names">
            {cameras.data.value?.items.map(({ cctvId }) => (
              <option key={cctvId} value={cctvId} />
            ))}
          </datalist>
        </label>
        <label>
          {t('jobs.hls')}
          <input
            type="url"
            value={wish.hls}
            onInput={({ currentTarget }) => change({ hls: currentTarget.value.trim() })}
          />
        </label>
        <label>
          {t('jobs.seconds')}
          <input
            type="number"
            min={1}
            required
            value={wish.sec}
            onInput={({ currentTarget }) => change({ sec: currentTarget.valueAsNumber })}
          />
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={wish.priority === 'urgent'}
            onChange={({ currentTarget }) => change({ priority: currentTarget.checked ? 'urgent' : 'normal' })}
          />
          {t('jobs.urgentFirst')}
        </label>
        {act.error.value !== undefined && <Problem error={act.error.value} />}
        <p class="buttons">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="main" type="submit" disabled={act.isBusy.value}>
            {t('jobs.make')}
          </Button>
        </p>
      </form>
    </Dialog>
  );
}
