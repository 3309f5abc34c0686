import { FfmpegFrameSource } from '../capture/ffmpeg-frame-source.js';
import type { Background } from './background.js';
import type { ExtractRequest } from './background-extractor.js';
import { FrameMemory } from './kernels/frame-memory.js';
import { task } from '../threads/thread-serve.js';
import { captureAndExtract } from './capture-and-extract.js';

/** What the call before worked in. */
let memory: FrameMemory | undefined;

export default task<ExtractRequest, Background>((request, context) => {
  const roomFor = (frameBytes: number, most: number) => (memory = new FrameMemory(frameBytes, most, memory));
  return captureAndExtract(new FfmpegFrameSource(request.ffmpeg, roomFor), request, context);
});
