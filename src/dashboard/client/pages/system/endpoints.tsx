import { get, send } from '../../api.js';
import { t, textOf } from '../../i18n/texts.js';
import { useAct } from '../../parts/act.js';
import { Badge, type Tone } from '../../parts/badge.js';
import { Button } from '../../parts/button.js';
import { Problem } from '../../parts/problem.js';
import { Show } from '../../parts/show.js';
import { Table, type Column } from '../../parts/table.js';
import { Time } from '../../parts/time.js';
import { useResource } from '../../resource.js';
import { isOperator } from '../../session.js';

/** A receiver of webhooks, as `GET /api/v1/webhooks` tells it. */
interface Endpoint {
  readonly name: string;
  readonly url: string;
  readonly state: 'on' | 'failing' | 'off';
  readonly since: string | null;
  readonly message: string | null;
}

const LOOK_EVERY_MS = 10_000;
const TONES: Readonly<Record<Endpoint['state'], Tone>> = { on: 'good', failing: 'note', off: 'bad' };

/** Who is called when jobs have ended, and how each fares; nothing where nobody is. */
export function Endpoints() {
  const endpoints = useResource(
    'webhooks',
    (signal) => get<{ readonly items: readonly Endpoint[] }>('webhooks', {}, signal),
    { everyMs: LOOK_EVERY_MS },
  );
  const act = useAct();
  const switchOn = ({ name }: Endpoint): Promise<boolean> =>
    act.run(async () => {
      await send('POST', `webhooks/${encodeURIComponent(name)}/on`);
      endpoints.reload();
    });
  return (
    <Show of={endpoints}>
      {({ items }) =>
        items.length > 0 && (
          <section>
            <h2>{t('system.endpoints')}</h2>
            {act.error.value !== undefined && <Problem error={act.error.value} />}
            <Table
              label={t('system.endpoints')}
              rows={items}
              columns={columns((endpoint) => void switchOn(endpoint))}
              keyOf={({ name }) => name}
            />
          </section>
        )
      }
    </Show>
  );
}

function columns(switchOn: (endpoint: Endpoint) => void): Column<Endpoint>[] {
  const state = (endpoint: Endpoint) => (
    <>
      <Badge tone={TONES[endpoint.state]}>{textOf(`system.endpoint_${endpoint.state}`) ?? endpoint.state}</Badge>{' '}
      {endpoint.state === 'off' && isOperator.value && (
        <Button onClick={() => switchOn(endpoint)}>{t('system.switchOn')}</Button>
      )}
    </>
  );
  return [
    { head: t('system.endpoint'), cell: ({ name }) => name },
    { head: t('jobs.state'), cell: state },
    { head: t('system.endpointSince'), cell: ({ since }) => <Time at={since} /> },
    { head: t('jobs.why'), cell: ({ message }) => <span class="why">{message}</span> },
    { head: 'URL', cell: ({ url }) => <code>{url}</code> },
  ];
}
