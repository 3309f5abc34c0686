import { useState } from 'preact/hooks';
import { FINDING_STATES, type Finding } from '../review/finding.js';
import { t } from '../../i18n/texts.js';
import { usePaged } from '../../paged.js';
import { Button } from '../../parts/button.js';
import { Empty, Show } from '../../parts/show.js';
import { query } from '../../router.js';
import { may } from '../../session.js';
import { Bulk } from './bulk.js';
import { Exports } from './exports.js';
import { filterOf } from './filter.js';
import { Filters, StateTabs } from './filters.js';
import { FindingsMap } from './findings-map.js';
import { FindingsTable } from './findings-table.js';

const AT_ONCE = 100;

/** All findings: a table or a map, filters in the address, and what is to be done with many at once. */
export function FindingsPage() {
  const filter = filterOf(query.value);
  const isMap = query.value['view'] === 'map';
  const key = JSON.stringify(filter);
  const [chosen, choose] = useState<{ key: string; ids: ReadonlySet<string> }>({ key, ids: new Set() });
  const findings = usePaged<Finding>('findings', { ...filter, limit: AT_ONCE }, { events: ['finding.updated'] });
  // What was chosen by another filter is not chosen any more.
  const ids: ReadonlySet<string> = chosen.key === key ? chosen.ids : new Set();
  const reload = (): void => {
    choose({ key, ids: new Set() });
    findings.reload();
  };
  return (
    <>
      <div class="head">
        <h1>{t('findings.title')}</h1>
        <Exports filter={filter} />
      </div>
      <StateTabs states={FINDING_STATES} />
      <Filters />
      <Show of={findings}>
        {({ items, hasMore }) => (
          <>
            {may('inspector') && items.length > 0 && (
              <Bulk
                filter={filter}
                chosen={items.filter(({ id }) => ids.has(id))}
                shown={items.length}
                onDone={reload}
              />
            )}
            {items.length === 0 && <Empty>{t('findings.none')}</Empty>}
            {isMap && items.length > 0 && <FindingsMap findings={items} />}
            {!isMap && items.length > 0 && (
              <FindingsTable findings={items} chosen={ids} onChoose={(more) => choose({ key, ids: more })} />
            )}
            {hasMore && <Button onClick={() => findings.more()}>{t('common.more')}</Button>}
          </>
        )}
      </Show>
    </>
  );
}
