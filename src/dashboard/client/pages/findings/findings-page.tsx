import { t } from '../../i18n/texts.js';
import { Empty } from '../../parts/show.js';

/** All findings. */
export function FindingsPage() {
  return (
    <>
      <h1>{t('findings.title')}</h1>
      <Empty>{t('common.notHere')}</Empty>
    </>
  );
}
