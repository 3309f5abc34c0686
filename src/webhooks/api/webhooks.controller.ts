import { Controller, Get, HttpCode, Inject, Param, Post, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Config } from '../../config/config.js';
import { Access } from '../../http/access/access.decorator.js';
import { InvalidJobError } from '../../job/errors.js';
import { LOG, type Log } from '../../log/log.js';
import { RedisInterceptor } from '../../redis/redis.interceptor.js';
import { EndpointStates } from '../endpoints/endpoint-states.js';
import { Endpoints, type Endpoint } from '../endpoints/endpoint.js';
import { endpointView } from './endpoint-view.js';
import { EndpointDto, EndpointNameDto, EndpointsDto } from './webhooks.dto.js';

/** Whom the operator has called when jobs have ended. */
@ApiTags('webhooks')
@UseInterceptors(RedisInterceptor)
@Controller('api/v1/webhooks')
export class WebhooksController {
  constructor(
    private readonly config: Config,
    private readonly endpoints: Endpoints,
    private readonly states: EndpointStates,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Get()
  @Access('viewer')
  @ApiOperation({ summary: 'The endpoints, and how each fares' })
  @ApiOkResponse({ type: EndpointsDto })
  async list(): Promise<EndpointsDto> {
    return { isOn: this.config.webhooks.isOn, items: await this.views(this.endpoints.all), next: null };
  }

  @Get(':name')
  @Access('viewer')
  @ApiOperation({ summary: 'One endpoint' })
  @ApiOkResponse({ type: EndpointDto })
  async get(@Param() { name }: EndpointNameDto): Promise<EndpointDto> {
    const [view] = await this.views([this.known(name)]);
    return view as EndpointDto;
  }

  @Post(':name/on')
  @HttpCode(200)
  @Access('operator')
  @ApiOperation({
    summary: 'Has an endpoint called again that was switched off',
    description: 'Calls that were given up meanwhile wait among the dead letters of the kind webhook: redrive them.',
  })
  @ApiOkResponse({ type: EndpointDto })
  async switchOn(@Param() { name }: EndpointNameDto): Promise<EndpointDto> {
    if (await this.states.switchOn(this.known(name)))
      this.log.info({ endpoint: name }, 'the webhook endpoint is on again');
    return this.get({ name });
  }

  private async views(endpoints: readonly Endpoint[]): Promise<EndpointDto[]> {
    const states = await this.states.of(endpoints);
    return states.map((state, i) => endpointView(endpoints[i] as Endpoint, state));
  }

  private known(name: string): Endpoint {
    const endpoint = this.endpoints.get(name);
    if (endpoint !== undefined) return endpoint;
    const names = this.endpoints.all.map((each) => each.name).join(', ');
    throw new InvalidJobError(
      'WEBHOOK_UNKNOWN',
      `No endpoint is called that; known: ${names === '' ? 'none' : names}.`,
    );
  }
}
