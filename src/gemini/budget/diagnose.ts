import { Budgets, type BudgetStanding } from './budgets.js';
import { ok, warn, type Diagnosis } from '../../lib/diagnosis.js';
import { connect, type RedisSettings } from '../../redis/connection.js';
import { Link } from '../../redis/link.js';
import { projectsOf, type BudgetedKey } from './projects.js';

/** Looks at the keys and what the workers noted of them; asks Google nothing, since that would cost. Never throws. */
export async function diagnoseGeminiKeys(
  keys: readonly BudgetedKey[],
  models: readonly string[],
  redis: RedisSettings,
): Promise<Diagnosis[]> {
  if (keys.length === 0) return [warn('gemini', 'Off: no GEMINI_API_KEY. Nothing is judged by Gemini.')];
  const projects = projectsOf(keys);
  const limits = projects.map(
    ({ name, rpm, tpm, rpd }) => `${name} ${rpm} requests and ${tpm} tokens a minute, ${rpd} requests a day`,
  );
  const count = `${keys.length} key(s) in ${projects.length} project(s), which may use per model`;
  const found = await Promise.all(models.map((model) => lookAt(keys, model, redis)));
  return [
    ok('gemini', `${count}: ${limits.join('; ')}.`),
    ...new Map(found.flat().map((one) => [one.message, one])).values(),
  ];
}

/** Redis has its own diagnosis: while it is away there is nothing to add. */
async function lookAt(keys: readonly BudgetedKey[], model: string, redis: RedisSettings): Promise<Diagnosis[]> {
  const link = new Link(connect(redis, 'probe'));
  const budgets = new Budgets(link, { keys, longestRequestMs: 0 });
  try {
    return troublesIn(await budgets.look({ model, tokens: 1 }), model);
  } catch {
    return [];
  } finally {
    await budgets.close();
  }
}

function troublesIn({ parked, retired, said }: BudgetStanding, model: string): Diagnosis[] {
  const refused = [...retired].map((id) =>
    warn('gemini', `Google refused key ${id} lately${inBrackets(said?.get(id))}: correct or remove it.`),
  );
  const waiting = [...parked].map(([project, ms]) =>
    warn(
      'gemini',
      `Google wants no more requests for ${model} from project ${project} for ${Math.ceil(ms / 1_000)} s${inBrackets(said?.get(project))}.`,
    ),
  );
  return [...refused, ...waiting];
}

function inBrackets(words: string | undefined): string {
  return words === undefined ? '' : ` (${words})`;
}
