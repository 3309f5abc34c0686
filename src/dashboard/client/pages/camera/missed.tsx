import { useState } from 'preact/hooks';
import { send } from '../../api.js';
import { t } from '../../i18n/texts.js';
import { useAct } from '../../parts/act.js';
import { Button } from '../../parts/button.js';
import { Dialog } from '../../parts/dialog.js';
import { Problem } from '../../parts/problem.js';
import { cameraPath, classWord, type Shares } from './camera-data.js';

const CLASSES = ['D40', 'D00', 'D10', 'D20', 'crack', 'damage'] as const;
const LONGEST_NOTE = 500;

interface MissedProps {
  readonly cctvId: string;
  readonly jobId: string;
  readonly box: Shares;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Asks what was missed in a box that a person drew, and has it noted. */
export function MissedDamage({ cctvId, jobId, box, onClose, onDone }: MissedProps) {
  const act = useAct();
  const [kind, setKind] = useState<string>(CLASSES[0]);
  const [note, setNote] = useState('');
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const more = note.trim() === '' ? {} : { note: note.trim() };
    const done = await act.run(() =>
      send('POST', cameraPath(cctvId, '/findings'), { class: kind, box, jobId, ...more }),
    );
    if (!done) return;
    onDone();
    onClose();
  };
  return (
    <Dialog title={t('camera.missed')} onClose={onClose}>
      <form class="fields camera-form" onSubmit={(event) => void submit(event)}>
        <label>
          {t('camera.what')}
          <select value={kind} onChange={({ currentTarget }) => setKind(currentTarget.value)}>
            {CLASSES.map((each) => (
              <option key={each} value={each}>
                {classWord(each)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('camera.note')}
          <textarea
            rows={3}
            maxLength={LONGEST_NOTE}
            value={note}
            onInput={({ currentTarget }) => setNote(currentTarget.value)}
          />
        </label>
        {act.error.value !== undefined && <Problem error={act.error.value} />}
        <div class="camera-buttons">
          <Button type="submit" kind="main" disabled={act.isBusy.value}>
            {t('camera.report')}
          </Button>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
