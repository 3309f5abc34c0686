import { t } from '../../i18n/texts.js';
import { Empty } from '../../parts/show.js';

/** Who did what. */
export function LogPage() {
  return (
    <>
      <h1>{t('log.title')}</h1>
      <Empty>{t('common.notHere')}</Empty>
    </>
  );
}
