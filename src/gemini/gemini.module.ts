import { Budgets } from './budget/budgets.js';
import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.js';
import { LOG, type Log } from '../log/log.js';
import { Metrics } from '../metrics/metrics.js';
import { SharedLinks } from '../redis/redis.module.js';
import { Gemini } from './gemini.js';
import { KeyStates } from './key-states.js';
import { LoggedGeminiEvents } from './logged-gemini-events.js';
import { NoGemini } from './no-gemini.js';
import { SdkGeminiApi } from './sdk/sdk-gemini-api.js';
import { BudgetedGemini } from './budgeted-gemini.js';

/** Larger videos are uploaded first: the SDK makes one text of what it sends, which holds the event loop up for ms per MB. */
const INLINE_MAX_BYTES = 3 * 1024 * 1024;

/** Gemini with all keys and their shared budgets; without a key there is one that says so. */
@Module({
  providers: [
    { provide: KeyStates, inject: [Config], useFactory: newKeyStates },
    { provide: Gemini, inject: [Config, KeyStates, SharedLinks, LOG, Metrics], useFactory: openGemini },
  ],
  exports: [Gemini, KeyStates],
})
export class GeminiModule implements OnApplicationShutdown {
  constructor(@Inject(Gemini) private readonly gemini: Gemini) {}

  onApplicationShutdown(): void {
    if (this.gemini instanceof BudgetedGemini) this.gemini.stop();
  }
}

function newKeyStates({ gemini }: Config): KeyStates {
  return new KeyStates(gemini.keys, [...new Set([gemini.imageModel, gemini.videoModel])]);
}

function openGemini(config: Config, states: KeyStates, links: SharedLinks, log: Log, metrics: Metrics): Gemini {
  const { keys, price, baseUrl, timeoutMs } = config.gemini;
  const events = new LoggedGeminiEvents(log, metrics, price);
  events.keysSeen(states.list, states.isSpent);
  if (keys.length === 0) return new NoGemini();
  const budgets = new Budgets(links.patient, {
    keys,
    longestRequestMs: longestRequestMs(config),
  });
  const api = new SdkGeminiApi({ baseUrl, timeoutMs });
  const gemini = new BudgetedGemini(api, budgets, states, events, { inlineMaxBytes: INLINE_MAX_BYTES });
  gemini.start();
  return gemini;
}

/** Uploads and questions end with their job at the latest. */
function longestRequestMs({ worker, assessment, gemini }: Config): number {
  return Math.max(worker.jobTimeoutMs, assessment.jobTimeoutMs, gemini.timeoutMs);
}
