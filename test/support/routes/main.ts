import type { NestExpressApplication } from '@nestjs/platform-express';
import { loadConfig } from '../../../src/config/config.js';
import { readEnvironment } from '../../../src/config/sources/environment.js';
import { startService } from '../../../src/service.js';

/** What the router of Express has of each route. */
interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
}

/** The whole service, which tells its parent the routes it really has: `GET /worker/status`. */
const app = await startService(loadConfig(readEnvironment()));
process.send?.(routesOf(app));

function routesOf(service: NestExpressApplication): string[] {
  const { router } = service.getHttpAdapter().getInstance() as unknown as { router: { stack: Layer[] } };
  return router.stack.flatMap(({ route }) =>
    route === undefined ? [] : Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`),
  );
}
