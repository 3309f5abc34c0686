import { useState } from 'preact/hooks';
import { send } from '../../api.js';
import { t } from '../../i18n/texts.js';
import { useAct } from '../../parts/act.js';
import { Button } from '../../parts/button.js';
import { Dialog } from '../../parts/dialog.js';
import { Problem } from '../../parts/problem.js';
import { allCameras, MOST_CAMERAS } from './all-cameras.js';

/** The most that one call takes. */
const BATCH = 500;

interface Answers {
  readonly items: readonly { readonly status: number; readonly error?: { readonly message?: string } }[];
}

/** What became of asking for many inspections. */
interface Outcome {
  readonly queued: number;
  readonly refused: number;
  /** Why the first of them was refused. */
  readonly why: string;
}

/** Asks for an inspection of each camera that the filter names: says first how many they are. */
export function InspectMany(props: {
  readonly filter: Readonly<Record<string, string | undefined>>;
  readonly count: number;
  readonly onClose: () => void;
}) {
  const { filter, count, onClose } = props;
  const act = useAct();
  const [outcome, tell] = useState<Outcome>();
  const n = Math.min(count, MOST_CAMERAS);
  return (
    <Dialog title={t('cameras.inspectAll', { n })} onClose={onClose}>
      <p>{outcome === undefined ? t('cameras.inspectsAll', { n }) : t('cameras.asked', { ...outcome })}</p>
      {act.error.value !== undefined && <Problem error={act.error.value} />}
      <p class="buttons">
        <Button onClick={onClose}>{t(outcome === undefined ? 'common.cancel' : 'cameras.close')}</Button>
        {outcome === undefined && (
          <Button
            kind="main"
            disabled={act.isBusy.value}
            onClick={() => void act.run(async () => tell(await inspectAll(filter)))}
          >
            {t('cameras.inspectAll', { n })}
          </Button>
        )}
      </p>
    </Dialog>
  );
}

async function inspectAll(filter: Readonly<Record<string, string | undefined>>): Promise<Outcome> {
  const cameras = await allCameras(filter);
  const answers: Answers['items'][number][] = [];
  for (let from = 0; from < cameras.length; from += BATCH) {
    const jobs = cameras.slice(from, from + BATCH).map(({ cctvId }) => ({ cctvId }));
    answers.push(...(await send<Answers>('POST', 'jobs/batch', { jobs })).items);
  }
  const refused = answers.filter(({ status }) => status >= 300);
  return { queued: answers.length - refused.length, refused: refused.length, why: refused[0]?.error?.message ?? '' };
}
