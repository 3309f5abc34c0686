import { ValidationPipe } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import helmet from 'helmet';
import type { Config } from '../config/config.js';
import { ErrorFilter } from './error.filter.js';

/** JSON bodies are small here; pictures come as multipart. bytes */
const MAX_JSON_BYTES = 64 * 1024;

/** What every HTTP call goes through: headers, limits, validation, one shape of errors; and the OpenAPI page at `/docs`. */
export function setUpHttp(app: NestExpressApplication, config: Config): void {
  app.set('trust proxy', config.http.trustProxy);
  app.disable('x-powered-by');
  app.useBodyParser('json', { limit: MAX_JSON_BYTES });
  // The page at /docs brings inline styles and scripts of its own.
  app.use(helmet({ contentSecurityPolicy: false, strictTransportSecurity: false }));
  app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true, forbidUnknownValues: true }));
  app.useGlobalFilters(app.get(ErrorFilter));
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, describeApi()), {
    jsonDocumentUrl: 'docs/openapi.json',
  });
}

function describeApi() {
  return new DocumentBuilder()
    .setTitle('roadstream')
    .setDescription('Watches road CCTV, extracts the empty road, finds damage on it. Errors are `{code, message}`.')
    .setVersion('1')
    .addBearerAuth({ type: 'http', description: 'CONTROL_TOKEN' }, 'control')
    .build();
}
