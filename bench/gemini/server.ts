import { startGeminiServer } from '../../test/support/gemini-server/gemini-server.js';

// A process of its own, so that its work does not count as the worker's. It ends with the bench.
const server = await startGeminiServer();
process.send?.(server.url);
process.once('disconnect', () => void server.close());
