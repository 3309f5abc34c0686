import { createHash } from 'node:crypto';
import type { Clock } from '../../lib/clock.js';
import type { JobProducer } from '../../queue/job-producer.js';
import { wants, type Endpoints } from '../endpoints/endpoint.js';
import type { EndpointStates } from '../endpoints/endpoint-states.js';
import { callFields, originOf } from '../webhook-job.js';
import type { HookEvent } from './hook-event.js';

/** A call is known by its name for so long: a result comes twice within this time, if at all. ms */
const REMEMBER_MS = 86_400_000;
/** Calls that wait for one receiver: some 40 MB. */
const MOST_WAITING = 10_000;
/** Calls that nobody was given yet, of all receivers: they gather while webhooks are paused. */
const MOST_UNDELIVERED = 20_000;

/** What became of an event for one receiver. */
export type CallFate = 'queued' | 'repeated' | 'off' | 'full';

/** Told of each call that is to be made, or not. */
export interface WriterEvents {
  written(what: CallFate): void;
  /** Told for each call that is not made. */
  full(receiver: string): void;
}

/** Whom an event is for. */
interface Target {
  readonly to: { readonly endpoint: string } | { readonly url: string };
  readonly receiver: string;
  /** Tells the calls of one event apart. */
  readonly name: string;
}

/** Makes of the end of a job the calls that tell of it: one for each receiver, once. */
export class HookWriter {
  constructor(
    private readonly producer: Pick<JobProducer, 'addOnce'>,
    private readonly endpoints: Endpoints,
    private readonly states: EndpointStates,
    private readonly events: WriterEvents,
    private readonly clock: Clock,
    /** How many calls nobody was given yet. */
    private readonly undelivered: () => Promise<number>,
    private readonly most = { waiting: MOST_WAITING, undelivered: MOST_UNDELIVERED },
  ) {}

  /** @throws TransientStepError NOT_ENQUEUED while Redis is away: again, then, is once all the same */
  async write(event: HookEvent): Promise<void> {
    for (const target of [...(await this.interested(event)), ...ownTarget(event)]) {
      this.events.written(await this.add(event, target));
    }
  }

  private async interested({ type, cctvId }: HookEvent): Promise<Target[]> {
    const all = this.endpoints.all.filter((endpoint) => wants(endpoint, type, cctvId));
    const states = await this.states.of(all);
    return all.flatMap(({ name }, i) => {
      if (states[i]?.off === undefined) return { to: { endpoint: name }, receiver: name, name };
      this.events.written('off');
      return [];
    });
  }

  private async add(event: HookEvent, { to, receiver, name }: Target): Promise<CallFate> {
    const { waiting, undelivered } = this.most;
    if ((await this.states.waitingFor(receiver)) >= waiting || (await this.undelivered()) >= undelivered) {
      this.events.full(receiver);
      return 'full';
    }
    const { messageId, type, cctvId, jobId: ofJob, message } = event;
    const jobId = `${messageId}.${name}`;
    const fields = callFields({ jobId, messageId, type, cctvId, ofJob, to, message, enqueuedAt: this.clock.now() });
    const id = await this.producer.addOnce({ lane: 'plain', once: `hook:${jobId}`, rememberMs: REMEMBER_MS, fields });
    return id === undefined ? 'repeated' : 'queued';
  }
}

function ownTarget({ url }: HookEvent): Target[] {
  if (url === undefined || !URL.canParse(url)) return [];
  const digest = createHash('sha256').update(url).digest('hex').slice(0, 12);
  return [{ to: { url }, receiver: originOf(url), name: `own-${digest}` }];
}
