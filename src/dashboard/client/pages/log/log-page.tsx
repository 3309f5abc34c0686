import { t, textOf } from '../../i18n/texts.js';
import { usePaged } from '../../paged.js';
import { Badge, type Tone } from '../../parts/badge.js';
import { Button } from '../../parts/button.js';
import { Empty, Show } from '../../parts/show.js';
import { Table, type Column } from '../../parts/table.js';
import { Time } from '../../parts/time.js';
import { query, setQuery } from '../../router.js';
import { isOperator } from '../../session.js';

/** Something that somebody did, as `GET /api/v1/audit` tells it. */
interface Action {
  readonly time: string;
  readonly name: string;
  readonly role: string;
  readonly via: string;
  readonly from: string;
  readonly call: string;
  readonly status: number;
}

const LOOK_EVERY_MS = 15_000;
const PAGE = 200;

/** Who did what, the newest first. */
export function LogPage() {
  return (
    <>
      <h1>{t('log.title')}</h1>
      {isOperator.value ? <Actions /> : <Empty>{t('log.forOperators')}</Empty>}
    </>
  );
}

function Actions() {
  const { q = '' } = query.value;
  const actions = usePaged<Action>('audit', { limit: PAGE }, { everyMs: LOOK_EVERY_MS });
  return (
    <>
      <div class="row">
        <label>
          {t('log.filter')}
          <input
            type="search"
            value={q}
            placeholder={t('common.all')}
            onInput={({ currentTarget }) => setQuery({ q: currentTarget.value })}
          />
        </label>
      </div>
      <Show of={actions}>
        {({ items, hasMore }) => {
          const rows = items.filter((action) => holds(action, q));
          return (
            <>
              {rows.length === 0 ? (
                <Empty>{t(items.length === 0 ? 'log.none' : 'log.noneLike', { n: items.length })}</Empty>
              ) : (
                <Table label={t('log.title')} rows={rows} columns={columns()} keyOf={keyOf} />
              )}
              {hasMore && (
                <p>
                  <Button onClick={() => actions.more()}>{t('log.older')}</Button>
                </p>
              )}
            </>
          );
        }}
      </Show>
    </>
  );
}

function keyOf({ time, name, call, from, status }: Action): string {
  return `${time} ${name} ${call} ${from} ${status}`;
}

/** Whether any of its texts has the words. */
function holds({ name, role, from, call, status }: Action, words: string): boolean {
  const text = [name, role, from, call, status].join(' ').toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function columns(): Column<Action>[] {
  return [
    { head: t('common.when'), cell: ({ time }) => <Time at={time} /> },
    { head: t('log.who'), cell: (action) => <Who of={action} /> },
    { head: t('log.what'), cell: ({ call }) => <code>{call}</code> },
    { head: t('log.answer'), cell: ({ status }) => <Badge tone={toneOf(status)}>{status}</Badge> },
    { head: t('log.via'), cell: ({ via }) => textOf(`log.via_${via}`) ?? via },
    { head: t('log.from'), cell: ({ from }) => <span class="id">{from}</span> },
  ];
}

function Who({ of: { name, role, via } }: { readonly of: Action }) {
  if (name === '') return <span class="quiet">{t('log.unknown')}</span>;
  return (
    <>
      {via === 'machine' ? t('common.machine') : name} <span class="quiet">{textOf(`role.${role}`) ?? role}</span>
    </>
  );
}

function toneOf(status: number): Tone {
  if (status < 400) return 'good';
  return status < 500 ? 'note' : 'bad';
}
