import { ValidationPipe } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { Config } from '../config/config.js';
import { AccessGuard } from './access/access.guard.js';
import { badFields } from './answers/field-errors.js';
import { bodyInTime, boundedJson, closeUnread } from './body-bounds.js';
import { BodyTypeGuard } from './body-type.guard.js';
import { browserGate } from './browser-gate.js';
import { ErrorFilter } from './error.filter.js';
import { HostNames } from './host-names.js';
import { shallowJson } from './json-depth.js';

/** Where the description of the API is. */
const DOCS = ['/docs', '/docs-yaml'];

/** JSON bodies are small here; pictures come as multipart. bytes */
const MAX_JSON_BYTES = 64 * 1024;

/** Node looks every 30 s which connections have been sending headers for longer than this. ms */
const HEADERS_WITHIN_MS = 15_000;

/**
 * What every HTTP call goes through: who may ask, headers, bounds, validation, one shape of errors; and the OpenAPI page at
 * `/docs`. Expects an app that was made without Nest's own body parsers, which take forms too.
 */
export function setUpHttp(app: NestExpressApplication, config: Config): void {
  app.set('trust proxy', config.http.trustProxy);
  app.disable('x-powered-by');
  app.getHttpServer().headersTimeout = HEADERS_WITHIN_MS;
  // The page at /docs brings inline styles and scripts of its own.
  app.use(helmet({ contentSecurityPolicy: false, strictTransportSecurity: false }));
  app.use(closeUnread);
  app.use(browserGate(new HostNames(config.http.allowedHosts)));
  app.use(bodyInTime());
  app.use(boundedJson(MAX_JSON_BYTES));
  app.useBodyParser('json', { limit: MAX_JSON_BYTES });
  app.use(shallowJson);
  app.useGlobalGuards(app.get(AccessGuard), app.get(BodyTypeGuard));
  app.useGlobalPipes(
    new ValidationPipe({ transform: true, whitelist: true, forbidUnknownValues: true, exceptionFactory: badFields }),
  );
  app.useGlobalFilters(app.get(ErrorFilter));
  // No routes of Nest's: no guard sees them.
  app.use(DOCS, forReaders(app.get(AccessGuard)));
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, describeApi()), {
    jsonDocumentUrl: 'docs/openapi.json',
  });
}

function forReaders(guard: AccessGuard): RequestHandler {
  return (request, response, next) => {
    guard.admit(request, response, ['viewer']).then(() => next(), next);
  };
}

function describeApi() {
  return new DocumentBuilder()
    .setTitle('roadstream')
    .setDescription(
      'Watches road CCTV, extracts the empty road, finds damage on it. Errors are problems by RFC 9457 with a `code`, a ' +
        '`message`, and `errors: [{field, message}]` where fields are wrong.',
    )
    .setVersion('1')
    .addBearerAuth({ type: 'http', description: 'CONTROL_TOKEN, or a token of TOKENS_FILE' }, 'control')
    .addSecurityRequirements('control')
    .build();
}
