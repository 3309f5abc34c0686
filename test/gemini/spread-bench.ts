import { Budgets } from '../../src/gemini/budget/budgets.js';
import { pino } from 'pino';
import { LoggedGeminiEvents } from '../../src/gemini/logged-gemini-events.js';
import type { BudgetedKey } from '../../src/gemini/budget/projects.js';
import type { BudgetSettings } from '../../src/gemini/budget/budgets.js';
import type { Question, QuestionSubject } from '../../src/gemini/gemini.js';
import { KeyStates } from '../../src/gemini/key-states.js';
import { BudgetedGemini } from '../../src/gemini/budgeted-gemini.js';
import { Metrics } from '../../src/metrics/metrics.js';
import { connect } from '../../src/redis/connection.js';
import { Link } from '../../src/redis/link.js';
import { geminiApiAt, QUESTION } from '../support/gemini-api.js';
import type { GeminiServer } from '../support/gemini-server/gemini-server.js';

/** Videos above this are uploaded. */
export const INLINE_MAX_BYTES = 1_000;

export const PICTURE: QuestionSubject = { kind: 'picture', mimeType: 'image/jpeg', bytes: Buffer.from('a picture') };

export function questionAbout(subject: QuestionSubject, prompt = 'How is the road?', tokensExpected = 300): Question {
  return { model: QUESTION.model, prompt, schema: QUESTION.schema, subject, tokensExpected };
}

/** One worker's Gemini with a connection and metrics of its own, and the lines it logged. */
export class SpreadWorker {
  readonly metrics = new Metrics();
  readonly states: KeyStates;
  readonly gemini: BudgetedGemini;
  readonly budgets: Budgets;
  readonly logged: Record<string, unknown>[] = [];

  constructor(
    redisUrl: string,
    server: Pick<GeminiServer, 'url'>,
    keys: readonly BudgetedKey[],
    settings: Partial<BudgetSettings> = {},
  ) {
    const log = pino(
      { level: 'debug', messageKey: 'message' },
      { write: (line) => void this.logged.push(JSON.parse(line) as Record<string, unknown>) },
    );
    const link = new Link(connect({ url: redisUrl }, 'commands'));
    this.budgets = new Budgets(link, { keys, longestRequestMs: 60_000, ...settings });
    this.states = new KeyStates(keys, [QUESTION.model]);
    const events = new LoggedGeminiEvents(log, this.metrics, { input: 2, output: 10 });
    const api = geminiApiAt(server as GeminiServer);
    this.gemini = new BudgetedGemini(api, this.budgets, this.states, events, {
      inlineMaxBytes: INLINE_MAX_BYTES,
      lookEveryMs: 50,
    });
  }

  /** A metric's value by its labels, 0 when nothing was counted. */
  async metric(name: string, labels: Record<string, string>): Promise<number> {
    const found = await this.metrics.registry.getSingleMetric(name)?.get();
    const isIt = (of: object): boolean =>
      Object.entries(labels).every(([label, value]) => Reflect.get(of, label) === value);
    return found?.values.filter((value) => isIt(value.labels)).reduce((sum, { value }) => sum + value, 0) ?? 0;
  }

  linesAbout(message: string): Record<string, unknown>[] {
    return this.logged.filter((line) => String(line['message']).includes(message));
  }
}
