import { get } from '../../api.js';
import { t } from '../../i18n/texts.js';
import { Button } from '../../parts/button.js';
import { Empty, Show } from '../../parts/show.js';
import { useResource } from '../../resource.js';
import { may } from '../../session.js';
import type { Worker } from '../../shapes.js';
import { useState } from 'preact/hooks';
import { SteerAll, type Order } from './steer-all.js';
import { WorkerCard } from './worker-card.js';

/** Percents and delays that no event tells of. ms */
const LOOK_EVERY_MS = 3_000;
const MOST_WORKERS = 200;

/** Who runs jobs, what each has in hand, and why it takes none. */
export function WorkersPage() {
  const [order, ask] = useState<Order>();
  const workers = useResource(
    'workers',
    (signal) => get<{ items: Worker[]; next: string | null }>('workers', { limit: MOST_WORKERS }, signal),
    { events: ['worker.changed'], everyMs: LOOK_EVERY_MS },
  );
  const reload = (): void => workers.reload();
  return (
    <>
      <div class="head">
        <h1>{t('workers.title')}</h1>
        {may('operator') && (
          <div class="row">
            <Button onClick={() => ask({ paused: true })}>{t('workers.pauseAll')}</Button>
            <Button onClick={() => ask({ paused: false })}>{t('workers.resumeAll')}</Button>
          </div>
        )}
      </div>
      <Show of={workers}>
        {({ items, next }) => (
          <>
            {order !== undefined && (
              <SteerAll order={order} count={items.length} onDone={reload} onClose={() => ask(undefined)} />
            )}
            {items.length === 0 ? <Empty>{t('workers.none')}</Empty> : <p class="sentence">{sentence(items)}</p>}
            <div class="workers-cards">
              {items.map((worker) => (
                <WorkerCard key={worker.name} worker={worker} onDone={reload} />
              ))}
            </div>
            {next !== null && <p class="quiet">{t('workers.first', { n: items.length })}</p>}
          </>
        )}
      </Show>
    </>
  );
}

function sentence(workers: readonly Worker[]): string {
  const sum = (of: (worker: Worker) => number): number => workers.reduce((n, worker) => n + of(worker), 0);
  const idle = workers.filter(({ claiming }) => !claiming).length;
  const values = { n: workers.length, used: sum(({ inUse }) => inUse), slots: sum(({ limit }) => limit), idle };
  return t(idle === 0 ? 'workers.sum' : 'workers.sumIdle', values);
}
