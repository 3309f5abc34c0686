import { loadConfig } from '../../../src/config/config.js';
import { readEnvironment } from '../../../src/config/sources/environment.js';
import { KINDS } from '../../../src/kinds.js';
import { startService } from '../../../src/service.js';
import { errandIntake, errandKind } from './errand.kind.js';

const load = async () => (await import('./errand.module.js')).ErrandModule;
await startService(loadConfig(readEnvironment()), [
  ...KINDS,
  { kind: 'errand', spec: errandKind, load, intake: async () => errandIntake },
]);
