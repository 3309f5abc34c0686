import type { JobResult } from '../job/handler.js';
import { typedResult } from '../job/typed-result.js';
import type { OutgoingResult } from '../relay/results-out.js';

/** Where results go; undefined: nowhere. */
export interface ResultTopics {
  readonly detections: string | undefined;
  readonly tasks: string | undefined;
  readonly risks: string | undefined;
}

/** A message, and the topic that it goes to. */
export interface TopicMessage {
  readonly topic: string;
  /** The camera: what is told of one stays in order. */
  readonly key: string;
  /** JSON. */
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The assessment that a finished inspection asks for, as fields of a job; undefined when none. */
export type TaskOf = (result: JobResult) => Readonly<Record<string, string>> | undefined;

/**
 * What is told of a finished job: an inspection as a detection result, and as a task where it is to be judged; an assessment
 * as a risk assessment. Of a result that is sent again the same comes.
 */
export function topicMessages(result: OutgoingResult, topics: ResultTopics, taskOf: TaskOf): TopicMessage[] {
  const told = { outcome: 'completed', ...typedResult(result.fields) };
  if (result.kind === 'assessment') return messageTo(topics.risks, result, told);
  if (result.kind !== 'inspection') return [];
  return [...messageTo(topics.detections, result, told), ...messageTo(topics.tasks, result, taskOf(result.fields))];
}

function messageTo(topic: string | undefined, { kind, id, fields }: OutgoingResult, told: object | undefined) {
  if (topic === undefined || told === undefined) return [];
  const headers = { kind, id, 'content-type': 'application/json' };
  return [{ topic, key: fields.cctvId ?? '', value: JSON.stringify(told), headers }];
}
