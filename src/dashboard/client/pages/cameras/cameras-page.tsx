import { t } from '../../i18n/texts.js';
import { Empty } from '../../parts/show.js';

/** The wall of cameras. */
export function CamerasPage() {
  return (
    <>
      <h1>{t('cameras.title')}</h1>
      <Empty>{t('common.notHere')}</Empty>
    </>
  );
}
