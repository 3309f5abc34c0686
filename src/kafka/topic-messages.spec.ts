import { describe, expect, it } from '@jest/globals';
import { topicMessages } from './topic-messages.js';

const TOPICS = { detections: 'detection-results', tasks: 'assessment-tasks', risks: 'risk-assessment-results' };
const FIELDS = { jobId: 'job-1', cctvId: 'cam', detections: '2', 'roadstream:x': 'ours' };
const noTask = () => undefined;

describe('what topics are told of a finished job', () => {
  it('is a detection result of an inspection, by its camera, with numbers as numbers and nothing of ours', () => {
    const [message, ...others] = topicMessages({ kind: 'inspection', id: '5-0', fields: FIELDS }, TOPICS, noTask);
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      topic: 'detection-results',
      key: 'cam',
      headers: { kind: 'inspection', id: '5-0', 'content-type': 'application/json' },
    });
    expect(JSON.parse(message!.value)).toEqual({ outcome: 'completed', jobId: 'job-1', cctvId: 'cam', detections: 2 });
  });

  it('is a task, too, of an inspection that is to be judged', () => {
    const task = { cctvId: 'cam', jobId: 'job-1.picture', image: 'a/b.jpg' };
    const messages = topicMessages({ kind: 'inspection', id: '5-0', fields: FIELDS }, TOPICS, () => task);
    expect(messages.map(({ topic, key }) => [topic, key])).toEqual([
      ['detection-results', 'cam'],
      ['assessment-tasks', 'cam'],
    ]);
    expect(JSON.parse(messages[1]!.value)).toEqual(task);
  });

  it('is a risk assessment of an assessment, failed ones included', () => {
    const fields = { jobId: 'j', cctvId: 'cam', outcome: 'failed', code: 'GEMINI_REFUSED' };
    const [message] = topicMessages({ kind: 'assessment', id: '6-0', fields }, TOPICS, noTask);
    expect(message).toMatchObject({ topic: 'risk-assessment-results', key: 'cam' });
    expect(JSON.parse(message!.value)).toEqual(fields);
  });

  it('is nothing where there is no topic, and of other kinds', () => {
    const none = { detections: undefined, tasks: undefined, risks: undefined };
    expect(topicMessages({ kind: 'inspection', id: '1-0', fields: FIELDS }, none, () => FIELDS)).toEqual([]);
    expect(topicMessages({ kind: 'webhook', id: '1-0', fields: FIELDS }, TOPICS, noTask)).toEqual([]);
  });
});
