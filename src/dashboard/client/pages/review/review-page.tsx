import { t } from '../../i18n/texts.js';
import { Empty } from '../../parts/show.js';

/** One finding at a time. */
export function ReviewPage() {
  return (
    <>
      <h1>{t('review.title')}</h1>
      <Empty>{t('common.notHere')}</Empty>
    </>
  );
}
