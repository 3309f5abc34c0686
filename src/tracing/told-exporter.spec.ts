import { describe, expect, it } from '@jest/globals';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';
import { ToldExporter } from './told-exporter.js';

const SPANS = [{}, {}] as ReadableSpan[];

type Result = Parameters<Parameters<SpanExporter['export']>[1]>[0];

describe('a collector', () => {
  it('is told of once for each outage, with what was lost, and without secrets', () => {
    const lines: unknown[] = [];
    const line = (...args: unknown[]) => void lines.push(args);
    let error: Error | undefined;
    const inner = {
      export: (_spans, done) => done({ code: error === undefined ? 0 : 1, error } as unknown as Result),
      shutdown: async () => {},
    } satisfies SpanExporter;
    const exporter = new ToldExporter(inner, { warn: line, info: line } as never);
    const send = (failure?: string): void => {
      error = failure === undefined ? undefined : new Error(failure);
      exporter.export(SPANS, () => {});
    };
    send();
    send('refused at http://u:p@collector/?key=secret');
    send('refused');
    send();
    send();
    send('gone');
    expect(lines).toEqual([
      [{ reason: 'refused at http://collector/' }, expect.stringContaining('takes no traces')],
      [{ lost: 4 }, 'the collector takes traces again'],
      [{ reason: 'gone' }, expect.stringContaining('takes no traces')],
    ]);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });
});
