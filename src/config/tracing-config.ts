import { itemsOf } from './table/rows.js';
import type { Env } from './table/table.js';

/** Where traces go, and which. */
export interface TracingConfig {
  /** Without `/v1/traces`. */
  readonly endpoint: string;
  /** Secrets, mostly. */
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  /** Of the jobs whose producers do not say, 0..1. */
  readonly share: number;
}

/** The checked variables about traces as a group; undefined when nobody asked for them. */
export function groupTracing(env: Env): TracingConfig | undefined {
  const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return undefined;
  return {
    endpoint,
    headers: Object.fromEntries(itemsOf(env.OTEL_EXPORTER_OTLP_HEADERS).map(headerIn)),
    serviceName: env.OTEL_SERVICE_NAME,
    share: env.OTEL_TRACES_SAMPLER_ARG,
  };
}

/** Values are percent-encoded, as OpenTelemetry has it: so they may hold a comma. */
function headerIn(item: string): [name: string, value: string] {
  const at = item.indexOf('=');
  return [item.slice(0, at).trim(), decodeURIComponent(item.slice(at + 1).trim())];
}
