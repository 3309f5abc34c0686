import { t } from '../../i18n/texts.js';
import { Empty } from '../../parts/show.js';

/** How the city is: the start. */
export function CityPage() {
  return (
    <>
      <h1>{t('city.title')}</h1>
      <Empty>{t('common.notHere')}</Empty>
    </>
  );
}
