import type { CaptureRequest, FrameSource } from '../capture/frame-source.js';
import type { Background } from './background.js';
import { extractBackground } from './extract.js';
import type { TaskContext, TaskResult } from '../threads/thread-serve.js';

/** What the background thread does: captures from `source`, then computes. Only the result leaves the thread. */
export async function captureAndExtract(
  source: FrameSource,
  request: CaptureRequest,
  { signal, step }: TaskContext,
): Promise<TaskResult<Background>> {
  step('capture');
  const began = performance.now();
  const captured = await source.capture({ url: request.url, seconds: request.seconds }, signal);
  const captureMs = Math.round(performance.now() - began);
  step('background');
  const background = await extractBackground(captured, signal);
  const { timingsMs } = background.meta;
  Object.assign(timingsMs, { capture: captureMs, total: timingsMs.total + captureMs });
  const { picture, drivenRoad, hiddenRoad, noMarks } = background;
  const masks = [drivenRoad, hiddenRoad, noMarks].map(({ data }) => data.buffer);
  return { output: background, transfer: [picture.rgb.buffer, ...masks] };
}
