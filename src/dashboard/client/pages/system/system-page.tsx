import { get, getText } from '../../api.js';
import { moment, number } from '../../format.js';
import { t, textOf } from '../../i18n/texts.js';
import { Badge } from '../../parts/badge.js';
import { Show } from '../../parts/show.js';
import { useResource } from '../../resource.js';
import { STATE_TONES, type HealthPart } from '../../shapes.js';
import { readHealth } from '../city/city-news.js';
import { partName } from '../city/troubles.js';
import { Endpoints } from './endpoints.js';
import { samplesOf, sumOf, sumsBy, type Sample } from './metrics.js';

const LOOK_EVERY_MS = 10_000;
const PREFIXES = [
  'llm_',
  'roadstream_recording_',
  'roadstream_schedule_',
  'process_start_time',
  'roadstream_artifact_',
];

/** How the parts of the service are, what Gemini was asked and costs, what is recorded. */
export function SystemPage() {
  const health = useResource('health', readHealth, { everyMs: LOOK_EVERY_MS });
  const metrics = useResource(
    'metrics',
    async (signal) => samplesOf(await getText('../../metrics', signal), PREFIXES),
    { everyMs: LOOK_EVERY_MS },
  );
  return (
    <>
      <h1>{t('system.title')}</h1>
      <Show of={health}>
        {(parts) => (
          <div class="grid">
            {Object.entries(parts).map(([name, part]) => (
              <PartCard key={name} name={name} part={part} />
            ))}
          </div>
        )}
      </Show>
      <Show of={metrics}>
        {(samples) => (
          <>
            <p class="quiet">{t('system.since', { time: startOf(samples) })}</p>
            <div class="grid">
              <GeminiCard samples={samples} />
              <RecordingCard samples={samples} />
            </div>
          </>
        )}
      </Show>
      <Endpoints />
      <HouseFacts />
    </>
  );
}

function startOf(samples: readonly Sample[]): string {
  return moment(new Date(sumOf(samples, 'process_start_time_seconds') * 1_000).toISOString());
}

/** Fields that a part tells beside its state. */
function tellings({
  status: _status,
  responseTime: _time,
  cachedResponse: _cached,
  message,
  ...more
}: HealthPart): string[] {
  const pairs = Object.entries(more).map(([key, value]) => `${textOf(`system.field_${key}`) ?? key}: ${String(value)}`);
  return [...(message === undefined ? [] : [message]), ...pairs];
}

function PartCard({ name, part }: { readonly name: string; readonly part: HealthPart }) {
  return (
    <section class="card">
      <div class="head">
        <h2>{partName(name)}</h2>
        <Badge tone={STATE_TONES[part.status] ?? 'quiet'}>
          {textOf(`system.status_${part.status}`) ?? part.status}
        </Badge>
      </div>
      {tellings(part).map((each) => (
        <p key={each} class="system-telling">
          {each}
        </p>
      ))}
    </section>
  );
}

function GeminiCard({ samples }: { readonly samples: readonly Sample[] }) {
  const keys = sumsBy(samples, 'llm_keys', 'state');
  const rows: (readonly [string, string])[] = [
    ...keys.filter(([, n]) => n > 0).map(([state, n]) => [textOf(`system.keys_${state}`) ?? state, number(n)] as const),
    ...sumsBy(samples, 'llm_requests_total', 'status').map(
      ([status, n]) => [t('system.questions', { status }), number(n)] as const,
    ),
    [t('system.tokens'), number(sumOf(samples, 'llm_tokens_total'))],
    [t('system.cost'), `$${number(sumOf(samples, 'llm_cost_usd_total'), 4)}`],
  ];
  return <Numbers title="Gemini" rows={rows} />;
}

function RecordingCard({ samples }: { readonly samples: readonly Sample[] }) {
  const of = (name: string): string => number(sumOf(samples, `roadstream_${name}`));
  const rows = [
    [t('system.recorded'), of('recording_active')],
    [t('system.segments'), of('recording_segments_total')],
    [t('system.restarts'), of('recording_restarts_total')],
    [t('system.deleted'), of('recording_deleted_total')],
    ...sumsBy(samples, 'roadstream_schedule_jobs_total', 'kind').map(
      ([kind, n]) => [t('system.scheduled', { kind }), number(n)] as const,
    ),
  ] as const;
  return <Numbers title={t('system.recordings')} rows={rows} />;
}

function Numbers({ title, rows }: { readonly title: string; readonly rows: readonly (readonly [string, string])[] }) {
  return (
    <section class="card">
      <h2>{title}</h2>
      <dl class="city-numbers">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function HouseFacts() {
  type Facts = { readonly timeZone: string; readonly roles: readonly string[]; readonly mapTilesUrl: string | null };
  const facts = useResource('house', (signal) => get<Facts>('dashboard', {}, signal));
  return (
    <Show of={facts}>
      {({ timeZone, roles, mapTilesUrl }) => (
        <p class="quiet">
          {t('system.facts', {
            roles: roles.join(', ') || '–',
            zone: timeZone,
            tiles: mapTilesUrl ?? t('system.noTiles'),
          })}
        </p>
      )}
    </Show>
  );
}
