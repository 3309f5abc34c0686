import { get } from '../../api.js';
import { duration, number } from '../../format.js';
import { t } from '../../i18n/texts.js';
import { Button } from '../../parts/button.js';
import { Empty, Show } from '../../parts/show.js';
import { Time } from '../../parts/time.js';
import { useResource } from '../../resource.js';
import { query, setQuery } from '../../router.js';
import { CameraLink, kindName } from '../jobs/words.js';
import type { Group } from './letter.js';
import { Letters } from './letters.js';
import { Ways } from './ways.js';

const EVENTS = ['job.failed', 'job.queued'];
/** Purges and redrives of others are told by no event. ms */
const LOOK_EVERY_MS = 30_000;

/** Jobs that were given up: by reason, then one by one. */
export function DeadLettersPage() {
  const { code, cctvId } = query.value;
  const chosen = query.value['kind'] ?? 'inspection';
  const kinds = useResource('kinds', (signal) => get<{ items: { kind: string }[] }>('queue', {}, signal));
  const groups = useResource(
    `groups ${chosen}`,
    (signal) => get<{ items: Group[]; complete: boolean }>('dead-letters/groups', { kind: chosen }, signal),
    { events: EVENTS, everyMs: LOOK_EVERY_MS },
  );
  return (
    <>
      <h1>{t('letters.title')}</h1>
      <div class="tabs" role="group" aria-label={t('common.kind')}>
        {kinds.data.value?.items.map(({ kind }) => (
          <button
            key={kind}
            type="button"
            aria-pressed={kind === chosen}
            onClick={() => setQuery({ kind, code: undefined, cctvId: undefined })}
          >
            {kindName(kind)}
          </button>
        ))}
      </div>
      <Show of={groups}>
        {({ items, complete }) => (
          <>
            <Sum groups={items} />
            {!complete && <p class="quiet">{t('letters.incomplete')}</p>}
            <div class="letters-groups">
              {items.map((group) => (
                <GroupCard key={group.code} group={group} kind={chosen} onDone={() => groups.reload()} />
              ))}
            </div>
          </>
        )}
      </Show>
      {(code !== undefined || cctvId !== undefined) && (
        <Letters kind={chosen} code={code} cctvId={cctvId} onDone={() => groups.reload()} />
      )}
    </>
  );
}

function Sum({ groups }: { readonly groups: readonly Group[] }) {
  if (groups.length === 0) return <Empty>{t('letters.none')}</Empty>;
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  const [oldest] = groups.flatMap(({ oldestAt }) => oldestAt ?? []).sort();
  const age = oldest === undefined ? '–' : duration(Date.now() - Date.parse(oldest));
  return <p class="sentence">{t('letters.sum', { n: count, codes: groups.length, age })}</p>;
}

function GroupCard(props: { readonly group: Group; readonly kind: string; readonly onDone: () => void }) {
  const { group, kind, onDone } = props;
  const { code, count, oldestAt, cameras, someCameras, message } = group;
  const isOpen = query.value['code'] === code;
  return (
    <section class="card" aria-label={code}>
      <div class="head">
        <h2>
          <span class="letters-count">{number(count)}</span> <code>{code === '' ? t('letters.noCode') : code}</code>
        </h2>
        <span class="quiet">
          {t('letters.oldest')} <Time at={oldestAt} />
        </span>
      </div>
      <p>{message}</p>
      <p class="quiet">
        {t('letters.cameras', { n: cameras })}{' '}
        {someCameras.map((id) => (
          <span key={id} class="letters-camera">
            <CameraLink id={id} />
          </span>
        ))}
        {cameras > someCameras.length && '…'}
      </p>
      <div class="row">
        <Button onClick={() => setQuery({ code: isOpen ? undefined : code, cctvId: undefined })}>
          {isOpen ? t('letters.hide') : t('letters.show')}
        </Button>
        {code !== '' && <Ways filter={{ kind, code }} count={count} onDone={onDone} />}
      </div>
    </section>
  );
}
