import { randomBytes } from 'node:crypto';
import type { IdGenerator } from '@opentelemetry/sdk-trace-node';
import { orLate } from '../lib/deadline.js';
import { loadLibrary } from '../lib/optional-library.js';
import type { Log } from '../log/log.js';
import type { SpanSink } from './otel-tracer.js';
import { ToldExporter } from './told-exporter.js';
import { NoTracer, type Tracer } from './tracer.js';

/** Where traces go, and which. */
export interface TracingSettings {
  /** The collector's address for OTLP over HTTP, without `/v1/traces`. */
  readonly endpoint: string;
  /** Secrets, mostly. */
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  /** Of the jobs whose producers do not say, 0..1. */
  readonly share: number;
}

const VARIABLE = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const SPANS = { name: '@opentelemetry/sdk-trace-node', range: '^2', variable: VARIABLE };
const RESOURCES = { name: '@opentelemetry/resources', range: '^2', variable: VARIABLE };
/** Of this version on: later ones need a newer Node than we do. */
const EXPORTER = { name: '@opentelemetry/exporter-trace-otlp-http', range: '0.223', variable: VARIABLE };

/** Spans that wait to be sent; more are dropped. Some 2 MB. */
const MOST_WAITING = 2_048;
/** Sent at once: made into JSON in a millisecond or two. */
const BATCH = 128;
/** A batch that is not full is sent after so long. ms */
const SEND_EVERY_MS = 2_000;
/** A collector that does not answer for so long takes nothing. ms */
const ANSWER_WITHIN_MS = 5_000;
/** What is left at a stop is sent within so long, or not. ms */
const CLOSE_WITHIN_MS = 2_000;

/**
 * Opens the way to the collector; without settings no library is loaded. Nothing is sent before the first span.
 * @throws LibraryMissingError when a package is not installed
 */
export async function openTracer(settings: TracingSettings | undefined, log: Log): Promise<Tracer> {
  if (settings === undefined) return new NoTracer();
  const sink = await openSink(settings, log);
  const { OtelTracer } = await import('./otel-tracer.js');
  return new OtelTracer(sink, settings.share);
}

async function openSink({ endpoint, headers, serviceName }: TracingSettings, log: Log): Promise<SpanSink> {
  const { AlwaysOnSampler, BasicTracerProvider, BatchSpanProcessor } = await loadLibrary(
    SPANS,
    () => import('@opentelemetry/sdk-trace-node'),
  );
  const { defaultResource, resourceFromAttributes } = await loadLibrary(
    RESOURCES,
    () => import('@opentelemetry/resources'),
  );
  const { OTLPTraceExporter } = await loadLibrary(EXPORTER, () => import('@opentelemetry/exporter-trace-otlp-http'));
  const ids = new GivenIds();
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: { ...headers },
    timeoutMillis: ANSWER_WITHIN_MS,
  });
  const provider = new BasicTracerProvider({
    resource: defaultResource().merge(resourceFromAttributes({ 'service.name': serviceName })),
    // Which jobs are told is decided before.
    sampler: new AlwaysOnSampler(),
    idGenerator: ids,
    spanProcessors: [
      new BatchSpanProcessor(new ToldExporter(exporter, log), {
        maxQueueSize: MOST_WAITING,
        maxExportBatchSize: BATCH,
        scheduledDelayMillis: SEND_EVERY_MS,
        exportTimeoutMillis: 2 * ANSWER_WITHIN_MS,
      }),
    ],
  });
  return {
    spans: provider.getTracer('roadstream'),
    nextIds: (next) => ids.give(next),
    close: () => orLate(CLOSE_WITHIN_MS, provider.shutdown(), () => undefined).catch(() => undefined),
  };
}

/** Draws ids, except where one was given for the next span. */
class GivenIds implements IdGenerator {
  private traceId: string | undefined;
  private spanId: string | undefined;

  give({ traceId, spanId }: { traceId: string; spanId: string | undefined }): void {
    this.traceId = traceId;
    this.spanId = spanId;
  }

  readonly generateTraceId = (): string => this.take('traceId', 16);

  readonly generateSpanId = (): string => this.take('spanId', 8);

  private take(which: 'traceId' | 'spanId', bytes: number): string {
    const given = this[which];
    this[which] = undefined;
    return given ?? randomBytes(bytes).toString('hex');
  }
}
