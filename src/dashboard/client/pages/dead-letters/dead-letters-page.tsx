import { t } from '../../i18n/texts.js';
import { Empty } from '../../parts/show.js';

/** Jobs that were given up. */
export function DeadLettersPage() {
  return (
    <>
      <h1>{t('letters.title')}</h1>
      <Empty>{t('common.notHere')}</Empty>
    </>
  );
}
