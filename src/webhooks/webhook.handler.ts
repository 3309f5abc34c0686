import type { JobError } from '../job/errors.js';
import { InvalidJobError, PermanentStepError, RateLimitedError, TransientStepError } from '../job/errors.js';
import { JobHandler, triedForMs, type Run } from '../job/handler.js';
import type { RawPayload } from '../job/payload.js';
import type { Clock } from '../lib/clock.js';
import type { GuardedPost } from '../outbound/guarded-post.js';
import { webhookHeaders } from '../outbound/signature.js';
import { failureOfAnswer, failureOfCall, ReceiverGoneError } from './call-failure.js';
import type { EndpointStates } from './endpoints/endpoint-states.js';
import type { Endpoint, Endpoints } from './endpoints/endpoint.js';
import { parseWebhookJob, type WebhookJob } from './webhook-job.js';

/** How calls are made. */
export interface CallSettings {
  /** Calls to one receiver at once, so that a slow one leaves room for others. */
  readonly mostToOne: number;
  /** A call that failed for so long is given up, an endpoint switched off. ms */
  readonly giveUpAfterMs: number;
}

/** Told once for all replicas. */
export interface EndpointEvents {
  switchedOff(endpoint: string, code: string, message: string): void;
}

/** Whom a job calls. */
interface Recipient {
  readonly url: string;
  readonly secrets: readonly string[];
  /** Undefined for a URL that a job named itself. */
  readonly endpoint: Endpoint | undefined;
}

const HOUR_MS = 3_600_000;
/** Calls that find a receiver busy come again at so many a second, all together. */
const LOOKS_PER_SECOND = 50;
/** What is no failure of the receiver's. */
const NOT_THEIRS: readonly JobError['kind'][] = ['stopping', 'cancelled', 'lease_lost'];

/** Calls receivers. A receiver's failure is the call's, never that of the job that has ended. */
export class WebhookHandler extends JobHandler<WebhookJob> {
  readonly kind = 'webhook';
  override readonly steps = ['call'];
  private readonly atWork = new Map<string, number>();

  constructor(
    private readonly settings: CallSettings,
    private readonly post: Pick<GuardedPost, 'send'>,
    private readonly endpoints: Endpoints,
    private readonly states: EndpointStates,
    private readonly events: EndpointEvents,
    private readonly clock: Clock,
  ) {
    super();
  }

  parse(payload: RawPayload, entryId: string): WebhookJob {
    return parseWebhookJob(payload, entryId);
  }

  override blamesCamera(error: unknown): boolean {
    return error instanceof TransientStepError;
  }

  async handle(job: WebhookJob, run: Run): Promise<void> {
    const to = this.recipientOf(job);
    run.note({ receiver: job.receiver, event: job.messageId });
    await this.admit(job, to);
    const failure = await run.step('call', () => this.call(job, to, run.signal)).finally(() => this.leave(job));
    // While Redis is away nothing is noted: the next call tells as much.
    if (failure === undefined) await this.noteWorked(to);
    else throw await this.judge(job, to, failure);
  }

  private recipientOf({ endpoint: name, url, ofJob }: WebhookJob): Recipient {
    if (url !== undefined) return { url, secrets: this.endpoints.secretsFor(url), endpoint: undefined };
    const endpoint = this.endpoints.get(name);
    if (endpoint === undefined) throw unknownEndpoint(name);
    const called = new URL(endpoint.url);
    if (endpoint.addsJobId) called.searchParams.set('job_id', ofJob);
    return { url: called.href, secrets: endpoint.secrets, endpoint };
  }

  /** Gives back where the call has a place among those to its receiver. */
  private async admit(job: WebhookJob, { endpoint }: Recipient): Promise<void> {
    const { receiver } = job;
    const [state] = endpoint === undefined ? [] : await this.states.of([endpoint]).catch(() => []);
    if (state?.off !== undefined) throw switchedOff(receiver, state.off.message);
    const quietMs = await this.states.quietMs(receiver).catch(() => 0);
    if (quietMs > 0) throw this.given(job, waits('WEBHOOK_ASKED_TO_WAIT', ASKED, quietMs * spread(), receiver));
    if (this.enter(job)) return;
    const others = await this.states.waitingFor(receiver).catch(() => 0);
    const lookAgainMs = Math.max(1_000, (others * 1_000) / LOOKS_PER_SECOND) * spread();
    throw waits('RECEIVER_BUSY', BUSY, lookAgainMs, receiver);
  }

  /** Looks and takes a place in one: many calls may come in one moment. */
  private enter({ receiver }: WebhookJob): boolean {
    const others = this.atWork.get(receiver) ?? 0;
    if (others >= this.settings.mostToOne) return false;
    this.atWork.set(receiver, others + 1);
    return true;
  }

  private leave({ receiver }: WebhookJob): void {
    const left = (this.atWork.get(receiver) ?? 1) - 1;
    if (left > 0) this.atWork.set(receiver, left);
    else this.atWork.delete(receiver);
  }

  private async call({ messageId, message }: WebhookJob, to: Recipient, signal: AbortSignal) {
    try {
      const signed = webhookHeaders({ id: messageId, at: Date.now(), body: message }, to.secrets);
      const headers = { 'content-type': 'application/json', 'user-agent': 'roadstream-webhooks/1', ...signed };
      const answer = await this.post.send({ url: to.url, headers, body: message }, signal);
      return failureOfAnswer(answer, Date.now());
    } catch (error) {
      return failureOfCall(signal.aborted ? signal.reason : error);
    }
  }

  private async noteWorked({ endpoint }: Recipient): Promise<void> {
    if (endpoint !== undefined) await this.states.worked(endpoint).catch(() => undefined);
  }

  /** Notes a failure, switches the endpoint off where that is due, and gives what becomes of the call. */
  private async judge(job: WebhookJob, { endpoint }: Recipient, failure: JobError): Promise<JobError> {
    if (NOT_THEIRS.includes(failure.kind)) return failure;
    if (failure instanceof RateLimitedError)
      await this.states.quieten(job.receiver, failure.retryAfterMs).catch(() => undefined);
    if (endpoint !== undefined) await this.noteFailure(endpoint, failure).catch(() => undefined);
    return this.given(job, failure);
  }

  private async noteFailure(endpoint: Endpoint, failure: JobError): Promise<void> {
    const { code, message } = failure;
    const since = await this.states.failed(endpoint, { code, message });
    const hasFailedLong = this.clock.now() - since >= this.settings.giveUpAfterMs;
    if (!(failure instanceof ReceiverGoneError) && !hasFailedLong) return;
    const forSoLong = `It failed for ${hours(this.settings.giveUpAfterMs)}, last: ${message}`;
    const why = hasFailedLong ? forSoLong : message;
    if (await this.states.switchOff(endpoint, { code, message: why })) {
      this.events.switchedOff(endpoint.name, code, why);
    }
  }

  /** What is tried again was not tried for too long. */
  private given(job: WebhookJob, failure: JobError): JobError {
    const isFinal = failure.kind === 'invalid' || failure.kind === 'permanent';
    if (isFinal || triedForMs(job, this.clock.now()) < this.settings.giveUpAfterMs) return failure;
    const sentence = `The call was tried for ${hours(this.settings.giveUpAfterMs)} (WEBHOOK_GIVE_UP_HOURS), last: ${failure.message}`;
    return new PermanentStepError('WEBHOOK_GIVEN_UP', sentence, { cause: failure });
  }
}

const ASKED = 'The receiver asked not to be called for a while; nothing is sent to it until then.';
const BUSY = 'The receiver has as many calls in hand as one may have; the others wait.';

function waits(code: string, message: string, ms: number, waitsFor: string): RateLimitedError {
  return new RateLimitedError(code, message, Math.ceil(ms), { waitsFor });
}

/** Those that wait for one moment do not all come in it. */
function spread(): number {
  return 1 + Math.random() / 5;
}

function hours(ms: number): string {
  return `${Number((ms / HOUR_MS).toFixed(4))} h`;
}

function switchedOff(name: string, why: string): PermanentStepError {
  const sentence = `The endpoint ${name} is switched off (${why}): repair it, then POST /api/v1/webhooks/${name}/on, then redrive.`;
  return new PermanentStepError('WEBHOOK_OFF', sentence);
}

function unknownEndpoint(name: string): InvalidJobError {
  const sentence = `No endpoint is called ${JSON.stringify(name)} any more: give it back to WEBHOOKS_FILE, then redrive, or purge it.`;
  return new InvalidJobError('WEBHOOK_UNKNOWN', sentence);
}
