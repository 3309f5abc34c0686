import { t } from '../../i18n/texts.js';
import { Empty } from '../../parts/show.js';

/** One camera. */
export function CameraPage() {
  return (
    <>
      <h1>{t('camera.title')}</h1>
      <Empty>{t('common.notHere')}</Empty>
    </>
  );
}
