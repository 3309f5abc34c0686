import { describeError } from '../job/errors.js';
import { redactText } from '../lib/redact.js';
import type { Log } from '../log/log.js';
import type { Metrics } from '../metrics/metrics.js';
import type { GeminiCall, GeminiEvents } from './gemini-events.js';
import type { KeyState } from './key-states.js';

/** USD per million tokens. */
export interface TokenPrice {
  readonly input: number;
  readonly output: number;
}

const MILLION = 1_000_000;
const STATES = ['ok', 'parked', 'retired'] as const;

/** The events as log lines and metrics. Every sentence that is logged about Gemini stands here. */
export class LoggedGeminiEvents implements GeminiEvents {
  private retired: ReadonlyMap<string, string | undefined> = new Map();

  /** @param price undefined: no cost is estimated */
  constructor(
    private readonly log: Log,
    private readonly metrics: Metrics,
    private readonly price: TokenPrice | undefined,
  ) {}

  called({ model, keyId, status, durationMs, tokens }: GeminiCall): void {
    this.metrics.llmRequests.inc({ model, api_key_id: keyId, status });
    this.metrics.llmDuration.observe({ model }, durationMs / 1_000);
    this.log.debug({ model, keyId, status, durationMs: Math.round(durationMs), ...tokens }, 'Gemini was asked');
    if (tokens === undefined) return;
    this.metrics.llmTokens.inc({ model, api_key_id: keyId, direction: 'input' }, tokens.input);
    this.metrics.llmTokens.inc({ model, api_key_id: keyId, direction: 'output' }, tokens.output);
    if (this.price === undefined) return;
    const usd = (tokens.input * this.price.input + tokens.output * this.price.output) / MILLION;
    this.metrics.llmCost.inc({ model }, usd);
  }

  projectParked(project: string, model: string, code: string, forMs: number, said: string): void {
    this.log.warn({ project, model, code, forMs, reason: said }, 'Gemini quota exhausted for this project; pausing it');
  }

  keysSeen(keys: readonly KeyState[], isSpent: boolean): void {
    this.metrics.llmBudgetSpent.set(isSpent ? 1 : 0);
    for (const state of STATES) {
      this.metrics.llmKeys.set({ state }, keys.filter((key) => key.state === state).length);
    }
    this.nameRetired(new Map(keys.flatMap(({ id, state, said }) => (state === 'retired' ? [[id, said]] : []))));
  }

  notDeleted(file: string, error: unknown): void {
    this.log.warn({ file, reason: reasonOf(error) }, 'could not delete an upload; Google does after two days');
  }

  notNoted(error: unknown): void {
    this.log.warn({ reason: reasonOf(error) }, 'could not note in the budgets how a request to Gemini ended');
  }

  /** Each once, whichever worker found out. */
  private nameRetired(retired: ReadonlyMap<string, string | undefined>): void {
    for (const [keyId, said] of retired) {
      if (this.retired.has(keyId)) continue;
      this.log.error(
        { keyId, reason: said },
        'Google refuses the key: correct or remove it in GEMINI_API_KEY or GEMINI_API_KEYS',
      );
    }
    for (const keyId of this.retired.keys()) {
      if (!retired.has(keyId)) this.log.info({ keyId }, 'the refused key is tried again');
    }
    this.retired = retired;
  }
}

function reasonOf(error: unknown): string {
  return redactText(describeError(error).message);
}
