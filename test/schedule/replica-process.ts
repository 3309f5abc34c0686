import { loadConfig } from '../../src/config/config.js';
import type { SegmentsConfig } from '../../src/config/config.groups.js';
import { startService } from '../../src/service.js';

/** The whole service as its users run it, but with segments of seconds, which operators cannot ask for. */
const config = loadConfig(process.env);
const [lengthMs, catchUp] = process.argv.slice(2).map(Number) as [number, number];
// Typed, so that what no setting knows is refused here.
const segments: SegmentsConfig = { ...config.segments, lengthMs, catchUp };
await startService(Object.assign({}, config, { segments }));
