import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import type { DetectionConfig } from '../config/config.groups.js';
import { PermanentStepError } from '../job/errors.js';
import { BuiltinDetector } from './builtin/builtin-detector.js';
import { ClassicalCrackDetector } from './classical/classical-crack-detector.js';
import { DamageDetector } from './damage-detector.js';
import { OnnxDetector } from './onnx/onnx-detector.js';

/** What finds damage, by `DAMAGE_DETECTOR`. */
@Module({
  providers: [
    { provide: DamageDetector, inject: [Config], useFactory: ({ detection }: Config) => chosenDetector(detection) },
  ],
  exports: [DamageDetector],
})
export class DamageModule {}

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
