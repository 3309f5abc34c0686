import { useState } from 'preact/hooks';
import { send } from '../../api.js';
import { duration, percent } from '../../format.js';
import { t, textOf } from '../../i18n/texts.js';
import { useAct } from '../../parts/act.js';
import { Badge } from '../../parts/badge.js';
import { Button } from '../../parts/button.js';
import { Problem } from '../../parts/problem.js';
import { Time } from '../../parts/time.js';
import { link } from '../../router.js';
import { may } from '../../session.js';
import { STATE_TONES, type Worker, type WorkerJob } from '../../shapes.js';
import { CameraLink, kindName, stepName } from '../jobs/words.js';
import type { Order } from './steer-all.js';

const MOST_JOBS_AT_ONCE = 64;

/** One worker: how it is, what it has in hand, and how it is steered. */
export function WorkerCard({ worker, onDone }: { readonly worker: Worker; readonly onDone: () => void }) {
  const { name, kind, state, heldBackBecause, jobs } = worker;
  return (
    <section class="card" aria-label={name}>
      <div class="head">
        <h2>
          <span class="id">{name}</span>
        </h2>
        <Badge tone={STATE_TONES[state] ?? 'quiet'}>{textOf(`workers.state_${state}`) ?? state}</Badge>
      </div>
      {heldBackBecause.map((why) => (
        <p key={why} class="problem">
          {why}
        </p>
      ))}
      <Facts of={worker} kind={kindName(kind)} />
      {jobs.length === 0 ? <p class="quiet">{t('workers.noJob')}</p> : <Jobs of={jobs} />}
      {may('operator') && <Steering worker={worker} onDone={onDone} />}
    </section>
  );
}

function Facts({ of: worker, kind }: { readonly of: Worker; readonly kind: string }) {
  const { host, version, roles, limit, inUse, loopDelayMs, at } = worker;
  const facts = [
    [t('common.kind'), kind],
    [t('workers.slots'), t('workers.used', { used: inUse, of: limit })],
    [t('workers.loopDelay'), duration(loopDelayMs)],
    [t('workers.version'), version],
    [t('workers.roles'), roles.join(', ')],
    [t('workers.host'), host],
    [t('workers.heard'), <Time key="at" at={at} />],
  ] as const;
  return (
    <dl class="facts">
      {facts.map(([head, value]) => (
        <div key={head}>
          <dt>{head}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Jobs({ of: jobs }: { readonly of: readonly WorkerJob[] }) {
  return (
    <ul class="workers-jobs">
      {jobs.map(({ jobId, cctvId, step, progress, message, attempt, ageMs }) => (
        <li key={jobId}>
          <span class="workers-job">
            <CameraLink id={cctvId} /> <a href={link(['jobs', jobId])}>{step === null ? '…' : stepName(step)}</a>
            <span class="quiet">
              {duration(ageMs)}
              {attempt > 1 && ` · ${t('workers.attempt', { n: attempt })}`}
            </span>
          </span>
          <progress value={progress} max={1} aria-label={`${jobId}: ${percent(progress)}`} />
          <span class="workers-percent">{percent(progress)}</span>
          <span class="workers-message quiet">{message}</span>
        </li>
      ))}
    </ul>
  );
}

function Steering({ worker, onDone }: { readonly worker: Worker; readonly onDone: () => void }) {
  const { name, state, limit } = worker;
  const act = useAct();
  const [slots, setSlots] = useState(String(limit));
  const steer = async (order: Order): Promise<void> => {
    if (await act.run(() => send('PATCH', `workers/${encodeURIComponent(name)}`, order))) onDone();
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    void steer({ concurrency: Number(slots) });
  };
  return (
    <form class="row workers-steering" onSubmit={submit}>
      <Button disabled={act.isBusy.value} onClick={() => void steer({ paused: state !== 'paused' })}>
        {state === 'paused' ? t('workers.resume') : t('workers.pause')}
      </Button>
      <label class="check">
        {t('workers.atOnce')}
        <input
          type="number"
          min={1}
          max={MOST_JOBS_AT_ONCE}
          required
          value={slots}
          onInput={({ currentTarget }) => setSlots(currentTarget.value)}
        />
      </label>
      <Button type="submit" disabled={act.isBusy.value || Number(slots) === limit}>
        {t('workers.set')}
      </Button>
      {act.error.value !== undefined && <Problem error={act.error.value} />}
    </form>
  );
}
