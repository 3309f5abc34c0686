import { SdkGeminiApi, type GeminiApiSettings } from '../../src/gemini/sdk/sdk-gemini-api.js';
import type { GeminiKey, JsonQuestion } from '../../src/gemini/gemini-api.js';
import type { GeminiServer } from './gemini-server/gemini-server.js';

/** The real adapter at a stand-in server, in more of a hurry than in production. */
export function geminiApiAt({ url }: GeminiServer, settings: Partial<GeminiApiSettings> = {}): SdkGeminiApi {
  return new SdkGeminiApi({
    baseUrl: url,
    timeoutMs: 20_000,
    patience: { firstMs: 10, longestMs: 50, limitMs: 10_000 },
    ...settings,
  });
}

/** A key that the stand-in knows as `key` of `project`. */
export function geminiKey(key = 'test-key', project = 'test-project'): GeminiKey {
  return { id: `id-of-${project}`, project, key };
}

/** A small question about a small picture. */
export const QUESTION: JsonQuestion = {
  model: 'gemini-x',
  prompt: '도로는 어떤가? How is the road?',
  schema: {
    type: 'object',
    properties: { score: { type: 'integer', minimum: 0, maximum: 100 }, words: { type: 'string' } },
    required: ['score', 'words'],
  },
  media: [{ kind: 'inline', mimeType: 'image/jpeg', bytes: Buffer.from('a picture') }],
};
