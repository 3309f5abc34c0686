import { t } from '../i18n/texts.js';
import { query, setQuery } from '../router.js';

/** A filter by a text, kept in the address under `name`. */
export function FilterText({ name, label }: { readonly name: string; readonly label: string }) {
  return (
    <label>
      {label}
      <input
        value={query.value[name] ?? ''}
        placeholder={t('common.all')}
        onChange={({ currentTarget }) => setQuery({ [name]: currentTarget.value.trim() })}
      />
    </label>
  );
}
