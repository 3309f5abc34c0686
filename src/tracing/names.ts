/**
 * Every name that a trace of ours has. Those of `messaging` and `error` are OpenTelemetry's, whose conventions for messaging may
 * still change. Source: OpenTelemetry Semantic Conventions 1.37, Messaging spans.
 */
export const TRACE_NAMES = {
  system: 'messaging.system',
  operation: 'messaging.operation.name',
  operationType: 'messaging.operation.type',
  stream: 'messaging.destination.name',
  group: 'messaging.consumer.group.name',
  entry: 'messaging.message.id',
  worker: 'messaging.client.id',
  error: 'error.type',
  kind: 'roadstream.kind',
  job: 'roadstream.job.id',
  camera: 'roadstream.camera.id',
  attempt: 'roadstream.attempt',
  outcome: 'roadstream.outcome',
  /** Steps of a run that are not told one by one, since it had too many. */
  stepsLeftOut: 'roadstream.steps_left_out',
  /** What a link leads to: `producer` or `attempt before`. */
  link: 'roadstream.link',
} as const;

/** The value of {@link TRACE_NAMES}.system. */
export const SYSTEM = 'redis';
/** What is done with a message; the name of a span is this and the stream. */
export const OPERATION = 'process';
