import { t } from '../../i18n/texts.js';
import { Empty } from '../../parts/show.js';

/** Who runs jobs. */
export function WorkersPage() {
  return (
    <>
      <h1>{t('workers.title')}</h1>
      <Empty>{t('common.notHere')}</Empty>
    </>
  );
}
