import { useState } from 'preact/hooks';
import { get } from '../../api.js';
import { t, textOf } from '../../i18n/texts.js';
import { usePaged } from '../../paged.js';
import { Badge } from '../../parts/badge.js';
import { Button } from '../../parts/button.js';
import { Empty, Show } from '../../parts/show.js';
import { Table, type Column } from '../../parts/table.js';
import { Time } from '../../parts/time.js';
import { useResource } from '../../resource.js';
import { link, query, setQuery } from '../../router.js';
import { may } from '../../session.js';
import { CHANGES, STATES, type JobSummary, type Queue } from './job.js';
import { NewJob } from './new-job.js';
import { CameraLink, kindName, State, Why } from './words.js';

/** Numbers of the queue that no event tells of. ms */
const COUNT_EVERY_MS = 15_000;

/** All jobs, by what they do, with what a filter names. */
export function JobList() {
  const [isMaking, make] = useState(false);
  const { state, kind, cctvId, code } = query.value;
  const jobs = usePaged<JobSummary>('jobs', { state, kind, cctvId, code, limit: 50 }, { events: CHANGES });
  const queues = useResource('queue', (signal) => get<{ items: Queue[] }>('queue', {}, signal), {
    events: CHANGES,
    everyMs: COUNT_EVERY_MS,
  });
  const items = queues.data.value?.items ?? [];
  return (
    <>
      <div class="head">
        <h1>{t('jobs.title')}</h1>
        {may('inspector') && (
          <Button kind="main" onClick={() => make(true)}>
            {t('jobs.make')}
          </Button>
        )}
      </div>
      {isMaking && <NewJob onClose={() => make(false)} />}
      <StateTabs queues={items.filter((queue) => kind === undefined || queue.kind === kind)} />
      <Filters kinds={items.map((queue) => queue.kind)} />
      <Show of={jobs}>
        {({ items: rows, hasMore, complete }) => (
          <>
            {rows.length === 0 ? (
              <Empty>{t('jobs.none')}</Empty>
            ) : (
              <Table label={t('jobs.title')} rows={rows} columns={columns()} keyOf={(job) => `${job.kind} ${job.id}`} />
            )}
            {!complete && <p class="quiet">{t('jobs.incomplete')}</p>}
            {hasMore && <Button onClick={() => jobs.more()}>{t('common.more')}</Button>}
          </>
        )}
      </Show>
    </>
  );
}

function StateTabs({ queues }: { readonly queues: readonly Queue[] }) {
  const chosen = query.value['state'] ?? '';
  const counts = countsOf(queues);
  return (
    <div class="tabs" role="group" aria-label={t('jobs.state')}>
      {['', ...STATES].map((state) => (
        <button
          key={state}
          type="button"
          aria-pressed={state === chosen}
          onClick={() => setQuery({ state, code: undefined })}
        >
          {state === '' ? t('common.all') : textOf(`jobs.state_${state}`)}
          {counts[state] !== undefined && <span class="count">{counts[state].toLocaleString()}</span>}
        </button>
      ))}
    </div>
  );
}

/** Ended jobs have no number: their results are kept for a while only. Failed ones are counted by their dead letters. */
function countsOf(queues: readonly Queue[]): Readonly<Record<string, number>> {
  if (queues.length === 0) return {};
  const counts = { running: 0, waiting: 0, queued: 0, failed: 0 };
  for (const { lanes, deadLetters } of queues) {
    counts.failed += deadLetters.total;
    for (const lane of lanes) {
      counts.running += lane.running;
      counts.waiting += lane.waiting;
      counts.queued += lane.undelivered;
    }
  }
  return counts;
}

function Filters({ kinds }: { readonly kinds: readonly string[] }) {
  const { kind = '', cctvId = '', code = '' } = query.value;
  return (
    <div class="row">
      <label>
        {t('common.kind')}
        <select value={kind} onChange={({ currentTarget }) => setQuery({ kind: currentTarget.value })}>
          <option value="">{t('common.all')}</option>
          {kinds.map((each) => (
            <option key={each} value={each}>
              {kindName(each)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('common.camera')}
        <input
          value={cctvId}
          onChange={({ currentTarget }) => setQuery({ cctvId: currentTarget.value.trim() })}
          placeholder={t('common.all')}
        />
      </label>
      <label>
        {t('common.code')}
        <input
          value={code}
          onChange={({ currentTarget }) => setQuery({ code: currentTarget.value.trim().toUpperCase() })}
          placeholder="HLS_TIMEOUT"
        />
      </label>
    </div>
  );
}

function columns(): Column<JobSummary>[] {
  return [
    { head: t('jobs.state'), cell: ({ state }) => <State of={state} /> },
    { head: t('common.camera'), cell: ({ cctvId }) => <CameraLink id={cctvId} /> },
    { head: t('common.kind'), cell: ({ kind }) => kindName(kind) },
    { head: t('jobs.job'), cell: (job) => <JobLink job={job} /> },
    { head: t('jobs.queued'), cell: ({ queuedAt }) => <Time at={queuedAt} /> },
    { head: t('jobs.ended'), cell: ({ finishedAt }) => <Time at={finishedAt} /> },
    { head: t('jobs.attempt'), isNumber: true, cell: ({ attempt }) => attempt ?? '–' },
    { head: t('jobs.why'), cell: ({ failure }) => failure !== null && <Why of={failure} /> },
  ];
}

function JobLink({ job: { id, tracked, priority } }: { readonly job: JobSummary }) {
  return (
    <>
      {tracked ? (
        <a class="id" href={link(['jobs', id])}>
          {id}
        </a>
      ) : (
        <span class="id" title={t('jobs.untracked')}>
          {id}
        </span>
      )}{' '}
      {priority === 'urgent' && <Badge tone="note">{t('jobs.urgent')}</Badge>}
    </>
  );
}
