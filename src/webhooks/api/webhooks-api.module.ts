import { Module } from '@nestjs/common';
import { EndpointsModule } from '../endpoints/endpoints.module.js';
import { WebhooksController } from './webhooks.controller.js';

/** Endpoints as operators see them, whether or not calls are made here. */
@Module({ imports: [EndpointsModule], controllers: [WebhooksController] })
export class WebhooksApiModule {}
