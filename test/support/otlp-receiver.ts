import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as OTLP has it in JSON, flattened. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  /** 5: consumer. */
  readonly kind: number;
  readonly startedAt: bigint;
  readonly endedAt: bigint;
  /** Those of its resource among them. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly { traceId: string; spanId: string; attributes: Readonly<Record<string, unknown>> }[];
  /** 2: error. */
  readonly status: number | undefined;
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly Attribute[];
  readonly links?: readonly { traceId: string; spanId: string; attributes?: readonly Attribute[] }[];
  readonly status?: { code?: number };
}

interface OtlpBody {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

/** A collector of traces, on 127.0.0.1: OTLP over HTTP, in JSON. */
export class OtlpReceiver {
  readonly spans: ReceivedSpan[] = [];
  /** All that was sent, as it came. */
  text = '';
  headers: IncomingHttpHeaders = {};
  path = '';
  /** Calls that it did not answer and whose callers still wait. */
  readonly held = new Set<ServerResponse>();
  private readonly server: Server = createServer();

  /** @param isSilent whether it answers nobody, until {@link answer} */
  private constructor(private isSilent: boolean) {
    this.server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.path = String(request.url);
        this.headers = request.headers;
        this.take(Buffer.concat(chunks).toString(), response);
      });
    });
  }

  static async start({ isSilent = false } = {}): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver(isSilent);
    receiver.server.listen(0, '127.0.0.1');
    await once(receiver.server, 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The runs of a job, in the order of their beginning. */
  runs(jobId: string): ReceivedSpan[] {
    return this.spans
      .filter(({ attributes }) => attributes['roadstream.job.id'] === jobId)
      .sort((a, b) => Number(a.startedAt - b.startedAt));
  }

  /** What is a part of a span. */
  within({ spanId }: ReceivedSpan): ReceivedSpan[] {
    return this.spans.filter(({ parentSpanId }) => parentSpanId === spanId);
  }

  /** Answers from now on, those first that wait. */
  answer(): void {
    this.isSilent = false;
    for (const response of this.held) reply(response);
    this.held.clear();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private take(text: string, response: ServerResponse): void {
    this.text += text;
    const { resourceSpans } = JSON.parse(text) as OtlpBody;
    for (const { resource, scopeSpans } of resourceSpans) {
      for (const { spans } of scopeSpans) this.spans.push(...spans.map((span) => flatten(span, resource.attributes)));
    }
    if (!this.isSilent) return reply(response);
    this.held.add(response);
    response.once('close', () => this.held.delete(response));
  }
}

function reply(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
}

function flatten(span: OtlpSpan, ofResource: readonly Attribute[]): ReceivedSpan {
  const { traceId, spanId, parentSpanId, name, kind, attributes = [], links = [], status } = span;
  return {
    ...{ traceId, spanId, name, kind },
    parentSpanId: parentSpanId === '' ? undefined : parentSpanId,
    startedAt: BigInt(span.startTimeUnixNano),
    endedAt: BigInt(span.endTimeUnixNano),
    attributes: recordOf([...ofResource, ...attributes]),
    links: links.map((link) => ({
      traceId: link.traceId,
      spanId: link.spanId,
      attributes: recordOf(link.attributes ?? []),
    })),
    status: status?.code === 0 ? undefined : status?.code,
  };
}

function recordOf(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
