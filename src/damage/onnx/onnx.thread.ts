import { task } from '../../threads/thread-serve.js';
import { heldModel } from '../model/inference.js';
import { suppress, type Candidate } from './candidate.js';
import { confident } from './confidence.js';
import type { Layout } from './layouts/layout.js';
import { LAYOUT_BY_NAME } from './layouts/recognise.js';
import { specOf, type ModelSpec, type OnnxSettings } from './model-spec.js';
import { learnFacts, openModel, runModel } from './open-model.js';

/** What the thread is asked: how to use a model, or what it sees in a picture. */
export type OnnxRequest =
  | { kind: 'inspect'; settings: OnnxSettings }
  | {
      kind: 'detect';
      settings: OnnxSettings;
      spec: ModelSpec;
      /** of the input's size, interleaved */ rgb: Uint8Array;
    };

export default task<OnnxRequest, ModelSpec | Candidate[]>(async (request) => {
  const output =
    request.kind === 'inspect' ? specOf(await learnFacts(request.settings), request.settings) : await detect(request);
  return { output, transfer: [] };
});

async function detect({ settings, spec, rgb }: OnnxRequest & { kind: 'detect' }): Promise<Candidate[]> {
  const layout = LAYOUT_BY_NAME[spec.layout];
  const { file, device } = settings;
  const model = await heldModel(`${device} ${file}`, () => openModel(settings));
  const white = layout.picture === 'corner' ? 255 : 1;
  const outputs = await runModel(model, planesOf(rgb, layout.picture), spec.input, white);
  const known = confident(layout.decode(outputs, spec.input, settings.threshold)).filter(
    ({ index, score }) => spec.classes.has(index) && Number.isFinite(score),
  );
  return suppress(known, layout.needsSuppression ? settings.overlap : 1);
}

/** Planes red, green, blue from 0 to 1, or as YOLOX wants them: blue, green, red from 0 to 255. */
function planesOf(rgb: Uint8Array, picture: Layout['picture']): Float32Array {
  const pixels = rgb.length / 3;
  const planes = new Float32Array(rgb.length);
  for (let i = 0; i < rgb.length; i++) {
    const channel = i % 3;
    const pixel = (i - channel) / 3;
    if (picture === 'corner') planes[(2 - channel) * pixels + pixel] = rgb[i]!;
    else planes[channel * pixels + pixel] = rgb[i]! / 255;
  }
  return planes;
}
