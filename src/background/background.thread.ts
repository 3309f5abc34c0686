import { FfmpegFrameSource } from '../capture/ffmpeg-frame-source.js';
import type { Background } from './background.js';
import type { ExtractRequest } from './background-extractor.js';
import { FrameMemory } from './kernels/frame-memory.js';
import { serveThread } from './thread-serve.js';
import { watch } from './watch.js';

serveThread<ExtractRequest, Background>((request, context) =>
  watch(new FfmpegFrameSource(request.ffmpeg, (bytes, most) => new FrameMemory(bytes, most)), request, context),
);
