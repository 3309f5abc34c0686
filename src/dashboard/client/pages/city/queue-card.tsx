import { duration } from '../../format.js';
import { t, textOf } from '../../i18n/texts.js';
import { Show } from '../../parts/show.js';
import type { Resource } from '../../resource.js';
import { link } from '../../router.js';
import type { QueueNumbers } from '../../shapes.js';

/** Each queue in one sentence. */
export function QueueCard({ queue }: { readonly queue: Resource<{ readonly items: readonly QueueNumbers[] }> }) {
  return (
    <section class="card">
      <h2>
        <a href={link(['jobs'])}>{t('city.queue')}</a>
      </h2>
      <Show of={queue}>
        {({ items }) => (
          <dl class="city-queues">
            {items.map((each) => (
              <div key={each.kind}>
                <dt>{textOf(`jobs.kind_${each.kind}`) ?? each.kind}</dt>
                <dd>{sentence(each)}</dd>
                <Letters of={each} />
              </div>
            ))}
          </dl>
        )}
      </Show>
    </section>
  );
}

function sentence({ lanes }: QueueNumbers): string {
  const sum = (name: 'undelivered' | 'running' | 'waiting'): number => lanes.reduce((n, lane) => n + lane[name], 0);
  const [n, running, later] = [sum('undelivered'), sum('running'), sum('waiting')];
  const oldestMs = Math.max(0, ...lanes.map(({ oldestUndeliveredMs }) => oldestUndeliveredMs ?? 0));
  if (n + running + later === 0) return t('city.idle');
  const parts = [
    ...(n > 0 ? [t('city.wait', { n, age: duration(oldestMs) })] : []),
    ...(running > 0 ? [t('city.run', { n: running })] : []),
    ...(later > 0 ? [t('city.later', { n: later })] : []),
  ];
  return `${parts.join(', ')}.`;
}

function Letters({ of: { kind, deadLetters } }: { readonly of: QueueNumbers }) {
  if (deadLetters.total === 0) return null;
  return (
    <dd>
      <a href={link(['dead-letters'], { kind })}>{t('city.letters', { n: deadLetters.total })}</a>
    </dd>
  );
}
