import { t } from '../../i18n/texts.js';
import { duration, number } from '../../format.js';
import { Show } from '../../parts/show.js';
import { now, Time } from '../../parts/time.js';
import { link } from '../../router.js';
import type { CameraCounts, CameraItem } from '../../shapes.js';
import type { CityNews } from './city-news.js';

/** How many cameras are well, fail, or were not seen for too long, and why. */
export function CamerasCard({ news }: { readonly news: CityNews }) {
  return (
    <section class="card city-cameras">
      <h2>
        <a href={link(['cameras'])}>{t('cameras.title')}</a>
      </h2>
      <Show of={news.failing}>
        {({ counts, items }) => (
          <>
            <Counts of={counts} />
            <List cameras={items} more={counts.failing - items.length} state="failing" />
          </>
        )}
      </Show>
      <Unseen news={news} />
    </section>
  );
}

function Counts({ of: { all, failing, down, stale } }: { readonly of: CameraCounts }) {
  const cells = [
    [t('city.all'), all, '', ''],
    [t('city.failing'), failing, failing > 0 ? 'note' : '', 'failing'],
    [t('city.down'), down, down > 0 ? 'bad' : '', 'down'],
    [t('city.stale'), stale, stale > 0 ? 'note' : '', 'stale'],
  ] as const;
  return (
    <dl class="city-counts">
      {cells.map(([name, value, tone, state]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class={`big ${tone}`}>
            <a href={link(['cameras'], { state })}>{number(value)}</a>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function List(props: { readonly cameras: readonly CameraItem[]; readonly more: number; readonly state: string }) {
  const { cameras, more, state } = props;
  return (
    <ul class="city-list">
      {cameras.map((camera) => (
        <li key={camera.cctvId}>
          <a href={link(['cameras', camera.cctvId])}>{camera.name ?? camera.cctvId}</a> <Why of={camera} />
        </li>
      ))}
      {more > 0 && (
        <li>
          <a href={link(['cameras'], { state })}>{t('city.more', { n: more })}</a>
        </li>
      )}
    </ul>
  );
}

function Why({ of: { failing, inspection } }: { readonly of: CameraItem }) {
  if (failing === null) {
    return (
      <span class="quiet">
        {t('city.lastSeen')} <Time at={inspection?.finishedAt} />
      </span>
    );
  }
  return (
    <>
      <code>{failing.code}</code>{' '}
      <span class="quiet">{t('city.for', { time: duration(now.value - Date.parse(failing.since)) })}</span>
      <span class="city-why">{failing.message}</span>
    </>
  );
}

/** Those that fail are named above. */
function Unseen({ news: { stale } }: { readonly news: CityNews }) {
  const cameras = (stale.data.value?.items ?? []).filter(({ failing }) => failing === null);
  if (cameras.length === 0) return null;
  return (
    <>
      <h3>{t('city.stale')}</h3>
      <List
        cameras={cameras}
        more={(stale.data.value?.items.length ?? 0) - (stale.data.value?.counts.stale ?? 0)}
        state="stale"
      />
    </>
  );
}
