import { PermanentStepError, RateLimitedError } from '../job/errors.js';
import type { Budgets, Reservation, BudgetStanding } from './budget/budgets.js';
import { MediaUpload } from './media-upload.js';
import type { GeminiApi, GeminiMedia, JsonAnswer } from './gemini-api.js';
import { BadKeyError, QuotaError } from './gemini-errors.js';
import type { CallStatus, GeminiEvents } from './gemini-events.js';
import { Gemini, type InStep, type Question } from './gemini.js';
import { ALL_RETIRED_MS, type KeyStates } from './key-states.js';
import { BudgetPoller } from './budget-poller.js';

/** What `BudgetedGemini` takes. */
export interface BudgetedSettings {
  /** Larger videos are uploaded first instead of being sent within the request. */
  readonly inlineMaxBytes: number;
  /** How often the budgets are looked at while something is short, ms. */
  readonly lookEveryMs?: number;
}

const LOOK_EVERY_MS = 5_000;

const untimed: InStep = (_name, work) => work();

/** Spreads questions over the projects by their budgets, which all workers share. */
export class BudgetedGemini extends Gemini {
  private readonly upload: MediaUpload;
  private readonly lookout: BudgetPoller;

  constructor(
    private readonly api: GeminiApi,
    private readonly budgets: Budgets,
    private readonly states: KeyStates,
    private readonly events: GeminiEvents,
    { inlineMaxBytes, lookEveryMs = LOOK_EVERY_MS }: BudgetedSettings,
  ) {
    super();
    this.upload = new MediaUpload(api, events, inlineMaxBytes);
    this.lookout = new BudgetPoller(budgets, states, () => events.keysSeen(states.list, states.isSpent), lookEveryMs);
  }

  /** Asks the budgets, not Google, how the keys stand. Whoever never asks Gemini need not. */
  start(): void {
    this.lookout.start();
  }

  get shutUntil(): number | undefined {
    return this.states.shutUntil;
  }

  async ask(question: Question, signal: AbortSignal, inStep: InStep = untimed): Promise<JsonAnswer> {
    const refused: Refused = { projects: new Set(), keys: new Set() };
    // Every round but the last takes a project or a key out, so that there is an end.
    for (;;) {
      const reservation = await this.reserve(question, refused.projects, signal);
      try {
        return await this.askWith(reservation, question, signal, inStep);
      } catch (error) {
        if (!this.isOfKey(error, reservation, refused)) throw error;
      }
    }
  }

  /** Looks after budgets no more, once nobody asks. */
  stop(): void {
    this.lookout.stop();
  }

  /** Stops, and closes the connection of the budgets where nobody else uses it. */
  async close(): Promise<void> {
    this.stop();
    await this.budgets.close();
  }

  private async reserve(
    { model, tokensExpected: tokens }: Question,
    without: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<Reservation> {
    signal.throwIfAborted();
    const { reservation, standing } = await this.budgets.reserve({ model, tokens, without });
    this.states.see(model, tokens, standing);
    this.events.keysSeen(this.states.list, this.states.isSpent);
    this.lookout.wake();
    if (reservation === undefined) throw noBudget(model, standing);
    if (!signal.aborted) return reservation;
    this.note(this.budgets.giveBack(reservation));
    throw signal.reason;
  }

  private async askWith(
    reservation: Reservation,
    question: Question,
    signal: AbortSignal,
    inStep: InStep,
  ): Promise<JsonAnswer> {
    const request = { sent: false };
    const send = (media: GeminiMedia[]): Promise<JsonAnswer> => {
      signal.throwIfAborted();
      request.sent = true;
      return inStep('answer', () => this.generate(reservation, question, media, signal));
    };
    try {
      return await this.upload.with(question.subject, { key: reservation.key, signal, inStep }, send);
    } finally {
      if (!request.sent) this.note(this.budgets.giveBack(reservation));
    }
  }

  private async generate(
    reservation: Reservation,
    { model, prompt, schema }: Question,
    media: readonly GeminiMedia[],
    signal: AbortSignal,
  ): Promise<JsonAnswer> {
    const began = performance.now();
    const called = (status: CallStatus, tokens?: JsonAnswer['tokens']): void =>
      this.events.called({
        model,
        keyId: reservation.key.id,
        status,
        durationMs: performance.now() - began,
        ...(tokens && { tokens }),
      });
    try {
      const answer = await this.api.generateJson(reservation.key, { model, prompt, schema, media }, signal);
      called('ok', answer.tokens);
      // Google limits the tokens that it is sent, not those that it writes.
      this.note(this.budgets.settle(reservation, answer.tokens.input || reservation.tokens));
      return answer;
    } catch (error) {
      const status = statusOf(error, signal);
      called(status);
      this.note(this.budgets.settle(reservation, UNREAD.includes(status) ? 0 : reservation.tokens));
      throw error;
    }
  }

  /** Whether an error is about the key or its project, so that another may do better; tells all workers if so. */
  private isOfKey(error: unknown, { key, model }: Reservation, refused: Refused): boolean {
    if (error instanceof BadKeyError) {
      this.note(this.budgets.retire(key, error.said));
      // Retiring it did not reach the budgets.
      if (refused.keys.has(key.id)) refused.projects.add(key.project);
      refused.keys.add(key.id);
      return true;
    }
    if (!(error instanceof QuotaError)) return false;
    refused.projects.add(key.project);
    this.park(model, key.project, error);
    return true;
  }

  private park(model: string, project: string, { code, message, retryAfterMs }: QuotaError): void {
    const pause = code === 'GEMINI_RATE_LIMITED' ? retryAfterMs : 'until tomorrow';
    this.note(this.budgets.park(model, project, pause, message));
    this.events.projectParked(project, model, code, retryAfterMs, message);
  }

  /** Notes go out in order before the next reservation of this worker; no answer waits for them. */
  private note(noted: Promise<void>): void {
    noted.catch((error: unknown) => this.events.notNoted(error));
  }
}

/** What was refused while one question was asked. */
interface Refused {
  readonly projects: Set<string>;
  /** Ids. */
  readonly keys: Set<string>;
}

/** What ended so cost no tokens: the question was turned away unread. */
const UNREAD: readonly CallStatus[] = ['rate_limited', 'day_quota', 'bad_key'];

function statusOf(error: unknown, signal: AbortSignal): CallStatus {
  if (signal.aborted) return 'aborted';
  if (error instanceof BadKeyError) return 'bad_key';
  if (error instanceof QuotaError) return error.code === 'GEMINI_RATE_LIMITED' ? 'rate_limited' : 'day_quota';
  return error instanceof PermanentStepError ? 'refused' : 'failed';
}

/** No job is lost because keys are: it waits, and costs no attempt. */
function noBudget(model: string, { opensInMs, retired, said = new Map() }: BudgetStanding): RateLimitedError {
  const step = { step: 'gemini' };
  if (opensInMs === undefined) {
    const each = [...retired].map((id) => [id, said.get(id) ?? []].flat().join(': '));
    const message = `Google refuses all Gemini keys (${each.join('; ')}): correct them; jobs wait.`;
    return new RateLimitedError('GEMINI_NO_BUDGET', message, ALL_RETIRED_MS, step);
  }
  const message =
    `No project has budget left for ${model}; the first has in ${Math.ceil(opensInMs / 1_000)} s. ${[...said.values()].join(' ')}`.trim();
  return new RateLimitedError('GEMINI_NO_BUDGET', message, opensInMs, step);
}
