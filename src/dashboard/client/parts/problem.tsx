import type { ApiError } from '../api.js';
import { t } from '../i18n/texts.js';

/** Why something could not be shown or done, and what to do. */
export function Problem({ error }: { readonly error: ApiError }) {
  const text = error.code === 'UNREACHABLE' ? t('common.unreachable') : error.message;
  return (
    <p class="problem" role="alert">
      {text} <code>{error.code}</code>
    </p>
  );
}
