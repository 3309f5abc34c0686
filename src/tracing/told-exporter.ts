import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';
import { redactText } from '../lib/redact.js';
import type { Log } from '../log/log.js';

type Result = Parameters<Parameters<SpanExporter['export']>[1]>[0];

/** The value of the library's `ExportResultCode.FAILED`. */
const FAILED = 1;

/** An exporter that says once when the collector takes no spans, and once when it does again. What it did not take is lost. */
export class ToldExporter implements SpanExporter {
  private lost = 0;

  constructor(
    private readonly inner: SpanExporter,
    private readonly log: Pick<Log, 'warn' | 'info'>,
  ) {}

  export(spans: ReadableSpan[], done: (result: Result) => void): void {
    this.inner.export(spans, (result) => {
      if ((result.code as number) === FAILED) this.noteLost(spans.length, result.error);
      else this.noteTaken();
      done(result);
    });
  }

  async forceFlush(): Promise<void> {
    await this.inner.forceFlush?.();
  }

  shutdown(): Promise<void> {
    return this.inner.shutdown();
  }

  private noteLost(spans: number, error: Error | undefined): void {
    const isFirst = this.lost === 0;
    this.lost += spans;
    if (isFirst)
      this.log.warn({ reason: reasonOf(error) }, 'the collector takes no traces: they are lost until it does');
  }

  private noteTaken(): void {
    if (this.lost === 0) return;
    this.log.info({ lost: this.lost }, 'the collector takes traces again');
    this.lost = 0;
  }
}

/** Without what the collector answered, which may repeat what it was sent. */
function reasonOf(error: Error | undefined): string {
  const code = error !== undefined && 'code' in error ? ` (${String(error.code)})` : '';
  return redactText(`${error?.message ?? 'no reason given'}${code}`).slice(0, 300);
}
