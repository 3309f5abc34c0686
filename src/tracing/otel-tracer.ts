import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace as api,
  TraceFlags,
  type Attributes,
  type Link,
  type Span,
  type Tracer as SpanMaker,
} from '@opentelemetry/api';
import { parseTraceparent } from '../job/payload/traceparent.js';
import { TRACE_NAMES, OPERATION, SYSTEM } from './names.js';
import { RunTrace, type Origins, type StepTrace } from './run-trace.js';
import { idsOf, lotOf, type TraceIds } from './trace-ids.js';
import { Tracer, type RunBeginning, type RunEnd } from './tracer.js';

/** Where spans go. */
export interface SpanSink {
  readonly spans: SpanMaker;
  /** Says which ids the next span shall have that is no part of another; without a span's id, one is drawn. */
  nextIds(ids: { readonly traceId: string; readonly spanId: string | undefined }): void;
  /** Sends what is left, within seconds at most. Never rejects. */
  close(): Promise<void>;
}

/** Runs as spans of OpenTelemetry: made when a run is over, all at once. */
export class OtelTracer extends Tracer {
  /** @param share of the jobs that are told, 0..1, where their producers do not say */
  constructor(
    private readonly sink: SpanSink,
    private readonly share: number,
  ) {
    super();
  }

  begin(run: RunBeginning): RunTrace | undefined {
    return safely(() => {
      const producer = parseTraceparent(run.traceparent);
      const isTold = producer?.isSampled ?? lotOf(run) < this.share;
      if (!isTold) return undefined;
      const before = run.deliveries > 1 ? idsOf({ ...run, deliveries: run.deliveries - 1 }) : undefined;
      return new RunTrace(idsOf(run), { producer, before });
    });
  }

  /** What was put off before it did anything is not worth a span: it may be put off a hundred times. */
  ended(trace: RunTrace, end: RunEnd): void {
    if (!end.isSpent && trace.steps.length === 0) return;
    safely(() => this.tell(trace, end));
  }

  close(): Promise<void> {
    return this.sink.close();
  }

  private tell(trace: RunTrace, end: RunEnd): void {
    const { traceId, spanId } = trace.ids;
    const endedAt = trace.now();
    this.sink.nextIds({ traceId, spanId: end.isSpent ? spanId : undefined });
    const root = this.sink.spans.startSpan(
      `${OPERATION} ${end.stream}`,
      {
        kind: SpanKind.CONSUMER,
        root: true,
        startTime: trace.startedAt,
        links: linksOf(trace.origins),
        attributes: attributesOf(trace, end),
      },
      ROOT_CONTEXT,
    );
    const spans = new Map<StepTrace, Span>();
    for (const step of trace.steps) spans.set(step, this.startStep(step, spans, root));
    for (const [step, span] of spans) span.end(step.endedAt ?? endedAt);
    if (end.isFailure) root.setStatus({ code: SpanStatusCode.ERROR });
    root.end(endedAt);
  }

  /** A step begins after the one that it is a part of, which has its span by then. */
  private startStep(step: StepTrace, spans: ReadonlyMap<StepTrace, Span>, root: Span): Span {
    const outer = (step.within && spans.get(step.within)) ?? root;
    const span = this.sink.spans.startSpan(step.name, { startTime: step.startedAt }, api.setSpan(ROOT_CONTEXT, outer));
    if (step.code === undefined) return span;
    return span.setAttribute(TRACE_NAMES.error, step.code).setStatus({ code: SpanStatusCode.ERROR });
  }
}

/** Telling of a job can never fail it. */
function safely<T>(tell: () => T): T | undefined {
  try {
    return tell();
  } catch {
    return undefined;
  }
}

function attributesOf(trace: RunTrace, end: RunEnd): Attributes {
  return {
    [TRACE_NAMES.system]: SYSTEM,
    [TRACE_NAMES.operation]: OPERATION,
    [TRACE_NAMES.operationType]: OPERATION,
    [TRACE_NAMES.stream]: end.stream,
    [TRACE_NAMES.group]: end.group,
    [TRACE_NAMES.entry]: end.entryId,
    [TRACE_NAMES.worker]: end.worker,
    [TRACE_NAMES.kind]: end.kind,
    [TRACE_NAMES.attempt]: end.attempt,
    [TRACE_NAMES.outcome]: end.outcome,
    ...(end.jobId === undefined ? {} : { [TRACE_NAMES.job]: end.jobId }),
    ...(end.cctvId === undefined ? {} : { [TRACE_NAMES.camera]: end.cctvId }),
    ...(end.code === undefined ? {} : { [TRACE_NAMES.error]: end.code }),
    ...(trace.leftOut === 0 ? {} : { [TRACE_NAMES.stepsLeftOut]: trace.leftOut }),
  };
}

function linksOf({ producer, before }: Origins): Link[] {
  return [
    ...(producer === undefined ? [] : [linkTo(producer, 'producer')]),
    ...(before === undefined ? [] : [linkTo(before, 'attempt before')]),
  ];
}

function linkTo({ traceId, spanId }: TraceIds, what: string): Link {
  const context = { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
  return { context, attributes: { [TRACE_NAMES.link]: what } };
}
