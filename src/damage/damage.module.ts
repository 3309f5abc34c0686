import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import type { DetectionConfig } from '../config/config.groups.js';
import { PermanentStepError } from '../job/errors.js';
import { CalibratedDetector } from './birds-eye/calibrated-detector.js';
import { BuiltinDetector } from './builtin/builtin-detector.js';
import { ClassicalCrackDetector } from './classical/classical-crack-detector.js';
import { DamageDetector } from './damage-detector.js';
import { OnnxDetector } from './onnx/onnx-detector.js';

/** What finds damage, by `DAMAGE_DETECTOR`. */
@Module({
  providers: [{ provide: DamageDetector, inject: [Config], useFactory: openDetector }],
  exports: [DamageDetector],
})
export class DamageModule {}

/**
 * Least confidence of what only the view from above shows; 2 for never. Measured by `npm run eval:birds-eye`: what
 * `builtin` and `classical` see more there, they see on sound roads too, and as surely.
 */
const SURENESS_FROM_ABOVE = { builtin: 2, classical: 2, gemini: 2, onnx: 0 } as const;

async function openDetector({ detection }: Config): Promise<DamageDetector> {
  return new CalibratedDetector(await chosenDetector(detection), SURENESS_FROM_ABOVE[detection.detector]);
}

function chosenDetector({ detector, model }: DetectionConfig): DamageDetector | Promise<DamageDetector> {
  switch (detector) {
    case 'builtin':
      return new BuiltinDetector();
    case 'onnx':
      return OnnxDetector.open(model);
    case 'gemini':
      throw new PermanentStepError('DETECTOR_MISSING', 'DAMAGE_DETECTOR=gemini is not there yet; use builtin.');
    case 'classical':
      return new ClassicalCrackDetector();
  }
}
