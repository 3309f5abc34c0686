import { t } from '../../i18n/texts.js';
import { now } from '../../parts/time.js';
import { useCityNews, type CityNews } from './city-news.js';
import { CamerasCard } from './cameras-card.js';
import { ChangesCard, FindingsCard } from './findings-card.js';
import { QueueCard } from './queue-card.js';
import { troublesOf } from './troubles.js';

/** How the city is: what is wrong first, then cameras, findings and the queue. */
export function CityPage() {
  const news = useCityNews();
  return (
    <>
      <h1>{t('city.title')}</h1>
      <State news={news} />
      <div class="city-cards">
        <CamerasCard news={news} />
        <div class="city-stack">
          <FindingsCard counts={news.findings} />
          <ChangesCard counts={news.findings} />
        </div>
        <QueueCard queue={news.queue} />
      </div>
    </>
  );
}

/** One sentence says what is wrong, further ones what else is. */
function State({ news }: { readonly news: CityNews }) {
  const parts = [news.workers, news.queue, news.failing];
  if (parts.some(({ data, error }) => data.value === undefined && error.value === undefined)) {
    return <p class="sentence quiet">{t('common.reading')}</p>;
  }
  const unread = parts.find(({ error }) => error.value !== undefined)?.error.value;
  if (unread !== undefined) {
    const text = unread.code === 'UNREACHABLE' ? t('common.unreachable') : unread.message;
    return <Said tone="bad" text={text} first />;
  }
  const troubles = troublesOf(news, now.value);
  if (troubles.length === 0) return <Said tone="good" text={t('city.well')} first />;
  const [worst, ...others] = troubles.sort((a, b) => Number(b.tone === 'bad') - Number(a.tone === 'bad'));
  return (
    <section aria-label={t('city.wrong')}>
      {worst !== undefined && <Said {...worst} first />}
      {others.map((each) => (
        <Said key={each.text} {...each} />
      ))}
    </section>
  );
}

interface SaidProps {
  readonly tone: 'good' | 'note' | 'bad';
  readonly text: string;
  readonly href?: string;
  readonly first?: boolean;
}

const SHAPES = { good: 'M2 7 L6 11 L12 3', note: 'M7 2 V8 M7 11 V12', bad: 'M3 3 L11 11 M11 3 L3 11' };

function Said({ tone, text, href, first = false }: SaidProps) {
  return (
    <p class={`city-said ${tone} ${first ? 'first' : ''}`} role={first ? 'status' : undefined}>
      <svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
        <path d={SHAPES[tone]} />
      </svg>
      <span>
        {text} {href !== undefined && <a href={href}>{t('city.show')}</a>}
      </span>
    </p>
  );
}
