import { t } from '../../i18n/texts.js';
import { Empty } from '../../parts/show.js';

/** Gemini, recordings, schedule. */
export function SystemPage() {
  return (
    <>
      <h1>{t('system.title')}</h1>
      <Empty>{t('common.notHere')}</Empty>
    </>
  );
}
