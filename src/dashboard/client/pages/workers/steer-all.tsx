import { send } from '../../api.js';
import { t } from '../../i18n/texts.js';
import { useAct } from '../../parts/act.js';
import { Button } from '../../parts/button.js';
import { Dialog } from '../../parts/dialog.js';
import { Problem } from '../../parts/problem.js';

/** What a worker is told. */
export interface Order {
  readonly paused?: boolean;
  readonly concurrency?: number;
}

/** Asks before it steers all workers: says how many they are. */
export function SteerAll(props: {
  readonly order: Order;
  readonly count: number;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  const { order, count, onDone, onClose } = props;
  const act = useAct();
  const title = order.paused === true ? t('workers.pauseAll') : t('workers.resumeAll');
  const steer = async (): Promise<void> => {
    if (!(await act.run(() => send('PATCH', 'workers', order)))) return;
    onDone();
    onClose();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{t(order.paused === true ? 'workers.pausesAll' : 'workers.resumesAll', { n: count })}</p>
      {act.error.value !== undefined && <Problem error={act.error.value} />}
      <p class="buttons">
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button kind="main" disabled={act.isBusy.value} onClick={() => void steer()}>
          {title}
        </Button>
      </p>
    </Dialog>
  );
}
