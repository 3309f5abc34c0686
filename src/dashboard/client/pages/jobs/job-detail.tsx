import { Fact } from '../../parts/fact.js';
import { get, linkUrl, send } from '../../api.js';
import { percent } from '../../format.js';
import { t, textOf } from '../../i18n/texts.js';
import { useAct } from '../../parts/act.js';
import { Badge } from '../../parts/badge.js';
import { Button } from '../../parts/button.js';
import { Problem } from '../../parts/problem.js';
import { Show } from '../../parts/show.js';
import { Time } from '../../parts/time.js';
import { useResource } from '../../resource.js';
import { link } from '../../router.js';
import { may } from '../../session.js';
import { CHANGES, type Job } from './job.js';
import { Timeline } from './timeline.js';
import { CameraLink, kindName, State, stepName, Why } from './words.js';

/** One job: what it does, what its attempts did, and what it left. */
export function JobDetail({ id }: { readonly id: string }) {
  const path = `jobs/${encodeURIComponent(id)}`;
  const job = useResource(path, (signal) => get<Job>(path, {}, signal), { events: [...CHANGES, 'job.progress'] });
  const error = job.error.value;
  if (error?.status === 404) {
    return (
      <>
        <Title id={id} />
        <Problem error={error} />
      </>
    );
  }
  return (
    <>
      <Title id={id} />
      <Show of={job}>
        {(told) => (
          <>
            <Facts job={told} />
            <Actions job={told} path={path} onDone={() => job.reload()} />
            <Now job={told} />
            <Timeline job={told} />
            <Found job={told} />
          </>
        )}
      </Show>
    </>
  );
}

function Title({ id }: { readonly id: string }) {
  return (
    <>
      <p class="back">
        <a href={link(['jobs'])}>← {t('jobs.title')}</a>
      </p>
      <h1>
        {t('jobs.job')} <span class="id">{id}</span>
      </h1>
    </>
  );
}

function Facts({
  job: { state, cctvId, kind, priority, attempt, maxAttempts, queuedAt, worker },
}: {
  readonly job: Job;
}) {
  return (
    <dl class="facts">
      <Fact name={t('jobs.state')}>
        <State of={state} /> {priority === 'urgent' && <Badge tone="note">{t('jobs.urgent')}</Badge>}
      </Fact>
      <Fact name={t('common.camera')}>
        <CameraLink id={cctvId} />
      </Fact>
      <Fact name={t('common.kind')}>{kindName(kind)}</Fact>
      <Fact name={t('jobs.queued')}>
        <Time at={queuedAt} />
      </Fact>
      <Fact name={t('jobs.attempt')}>
        {maxAttempts === null ? attempt : t('jobs.attemptOf', { n: attempt, most: maxAttempts })}
      </Fact>
      <Fact name={t('jobs.worker')}>{worker ?? '–'}</Fact>
    </dl>
  );
}

function Actions(props: { readonly job: Job; readonly path: string; readonly onDone: () => void }) {
  const { job, path, onDone } = props;
  const act = useAct();
  if (!may('inspector')) return null;
  const does = (what: 'cancel' | 'retry' | 'expedite') => (): void => {
    void act.run(() => send('POST', `${path}/${what}`)).then(onDone);
  };
  const isOver = ['completed', 'failed', 'cancelled'].includes(job.state);
  const busy = act.isBusy.value;
  return (
    <>
      <div class="row">
        {job.state === 'queued' && job.priority === 'normal' && (
          <Button disabled={busy} onClick={does('expedite')}>
            {t('jobs.expedite')}
          </Button>
        )}
        {job.state === 'failed' && (
          <Button kind="main" disabled={busy} onClick={does('retry')}>
            {t('jobs.again')}
          </Button>
        )}
        {!isOver && (
          <Button kind="danger" disabled={busy} onClick={does('cancel')}>
            {t('jobs.cancel')}
          </Button>
        )}
      </div>
      {act.error.value !== undefined && <Problem error={act.error.value} />}
    </>
  );
}

/** In one sentence: what is going on, or why nothing is. */
function Now({ job }: { readonly job: Job }) {
  const { state, waiting, failure } = job;
  if (state === 'running') return <Running job={job} />;
  if (waiting !== null)
    return (
      <p class="card now">
        {t('jobs.waitsUntil')} <Time at={waiting.until} />. <Why of={waiting} />
      </p>
    );
  if (failure !== null)
    return (
      <p class="card now bad">
        <Why of={failure} />
      </p>
    );
  return null;
}

function Running({ job: { step, progress, message } }: { readonly job: Job }) {
  return (
    <div class="card now">
      <progress value={progress} aria-label={t('jobs.progress')} /> {percent(progress)}{' '}
      {step !== null && stepName(step)} <span class="quiet">{message}</span>
    </div>
  );
}

function Found({ job: { result, artifacts } }: { readonly job: Job }) {
  const facts = Object.entries(result ?? {}).flatMap(([name, value]) => {
    const head = textOf(`jobs.result_${name}`);
    return head === undefined || value === '' ? [] : [{ head, value: String(value) }];
  });
  if (facts.length + artifacts.length === 0) return null;
  return (
    <section>
      <h2>{t('jobs.found')}</h2>
      <dl class="facts">
        {facts.map(({ head, value }) => (
          <Fact key={head} name={head}>
            {value}
          </Fact>
        ))}
      </dl>
      <div class="pictures">
        {artifacts.map(({ name, href, thumbnail }) => (
          <a key={name} href={linkUrl(href)} target="_blank" rel="noreferrer">
            {thumbnail !== null && <img src={linkUrl(thumbnail)} alt="" loading="lazy" />}
            {name}
          </a>
        ))}
      </div>
    </section>
  );
}
