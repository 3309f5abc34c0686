import { FilterText } from '../../parts/filter-text.js';
import { get } from '../../api.js';
import { CLASSES, SEVERITIES } from '../review/finding.js';
import { number } from '../../format.js';
import { t, textOf } from '../../i18n/texts.js';
import { Button } from '../../parts/button.js';
import { useResource } from '../../resource.js';
import { query, setQuery } from '../../router.js';
import { className, stateName } from '../review/words.js';

/** The states with how many there are of each. */
export function StateTabs({ states }: { readonly states: readonly string[] }) {
  const counts = useResource(
    'counts of findings',
    (signal) => get<{ byState: Record<string, number> }>('findings/counts', {}, signal),
    { events: ['finding.updated'] },
  );
  const chosen = query.value['state'] ?? '';
  return (
    <div class="tabs" role="group" aria-label={t('jobs.state')}>
      {['', ...states].map((state) => {
        const count = counts.data.value?.byState[state];
        return (
          <button key={state} type="button" aria-pressed={state === chosen} onClick={() => setQuery({ state })}>
            {state === '' ? t('common.all') : stateName(state)}
            {count !== undefined && <span class="count">{number(count)}</span>}
          </button>
        );
      })}
    </div>
  );
}

/** What else names findings; the address keeps it. */
export function Filters() {
  const isMap = query.value['view'] === 'map';
  return (
    <div class="row">
      <Choice name="severity" label={t('findings.severity')} among={SEVERITIES} word={severityName} />
      <Choice name="class" label={t('findings.class')} among={CLASSES} word={className} />
      <FilterText name="cctvId" label={t('common.camera')} />
      <FilterText name="road" label={t('findings.road')} />
      <FilterText name="tag" label={t('findings.tag')} />
      <Button onClick={() => setQuery({ view: isMap ? undefined : 'map' })}>
        {isMap ? t('findings.table') : t('findings.map')}
      </Button>
    </div>
  );
}

const severityName = (name: string): string => textOf(`severity.${name}`) ?? name;

function Choice(props: {
  readonly name: string;
  readonly label: string;
  readonly among: readonly string[];
  readonly word: (name: string) => string;
}) {
  const { name, label, among, word } = props;
  return (
    <label>
      {label}
      <select
        value={query.value[name] ?? ''}
        onChange={({ currentTarget }) => setQuery({ [name]: currentTarget.value })}
      >
        <option value="">{t('common.all')}</option>
        {among.map((each) => (
          <option key={each} value={each}>
            {word(each)}
          </option>
        ))}
      </select>
    </label>
  );
}
