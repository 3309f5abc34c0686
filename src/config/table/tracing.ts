import { areHeaders, isPlainUrl } from '../env.forms.js';
import { amount, line, secret, shaped } from './rows.js';

/** Traces of jobs, by the names that OpenTelemetry has for these settings. */
export const TRACING = {
  Traces: {
    OTEL_EXPORTER_OTLP_ENDPOINT: shaped(
      undefined,
      'an http or https URL without user, query and fragment',
      isPlainUrl,
      'Traces of jobs go there, by OTLP over HTTP, such as http://collector:4318; see docs/operations.md. Not set: none.',
    ),
    OTEL_EXPORTER_OTLP_HEADERS: secret(
      shaped(
        undefined,
        'headers as name=value, separated by commas, values percent-encoded',
        areHeaders,
        'What the collector asks for, such as authorization=Bearer%20abc.',
      ),
    ),
    OTEL_SERVICE_NAME: line('roadstream', 'What the service is called in traces.'),
    OTEL_TRACES_SAMPLER_ARG: amount(
      1,
      { min: 0, max: 1 },
      'The share of jobs that is traced, where the traceparent of a job does not say whether it is.',
    ),
  },
};
