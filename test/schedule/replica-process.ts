import { loadConfig } from '../../src/config/config.js';
import { startService } from '../../src/service.js';

/** The whole service as its users run it, but with segments of seconds, which operators cannot ask for. */
const config = loadConfig(process.env);
const segments = { ...config.segments, lengthMs: Number(process.argv[2]), catchUp: Number(process.argv[3]) };
await startService(Object.assign({}, config, { segments }));
