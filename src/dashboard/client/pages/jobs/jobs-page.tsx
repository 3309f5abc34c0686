import { t } from '../../i18n/texts.js';
import { Empty } from '../../parts/show.js';

/** Jobs, live. */
export function JobsPage() {
  return (
    <>
      <h1>{t('jobs.title')}</h1>
      <Empty>{t('common.notHere')}</Empty>
    </>
  );
}
