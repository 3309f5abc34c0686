import { Module } from '@nestjs/common';
import { ThreadPool } from '../threads/thread-pool.js';
import { ThreadsModule } from '../threads/threads.module.js';
import { Config } from '../config/config.js';
import { Gemini } from '../gemini/gemini.js';
import { GeminiModule } from '../gemini/gemini.module.js';
import { CalibratedDetector } from './birds-eye/calibrated-detector.js';
import { BuiltinDetector } from './builtin/builtin-detector.js';
import { ClassicalCrackDetector } from './classical/classical-crack-detector.js';
import { DamageDetector } from './damage-detector.js';
import { GeminiDetector } from './gemini/gemini-detector.js';
import { OnnxDetector } from './onnx/onnx-detector.js';
import { PictureWork } from './picture-work.js';

/** What finds damage, by `DAMAGE_DETECTOR`. */
@Module({
  imports: [GeminiModule, ThreadsModule],
  providers: [
    { provide: DamageDetector, inject: [Config, Gemini, ThreadPool], useFactory: openDetector },
    { provide: PictureWork, inject: [ThreadPool], useFactory: (threads: ThreadPool) => new PictureWork(threads) },
  ],
  exports: [DamageDetector, PictureWork],
})
export class DamageModule {}

/**
 * Least confidence of what only the view from above shows; 2 for never. Measured by `npm run eval:birds-eye`: what
 * `builtin` and `classical` see more there, they see on sound roads too, and as surely.
 */
const SURENESS_FROM_ABOVE = { builtin: 2, classical: 2, gemini: 2, onnx: 0 } as const;

async function openDetector(config: Config, gemini: Gemini, threads: ThreadPool): Promise<DamageDetector> {
  const chosen = await chosenDetector(config, gemini, threads);
  const sureness = SURENESS_FROM_ABOVE[config.detection.detector];
  return new CalibratedDetector(chosen, sureness, threads);
}

function chosenDetector(config: Config, gemini: Gemini, threads: ThreadPool): DamageDetector | Promise<DamageDetector> {
  switch (config.detection.detector) {
    case 'builtin':
      return new BuiltinDetector(threads);
    case 'onnx':
      return OnnxDetector.open(config.detection.model, threads);
    case 'gemini':
      return new GeminiDetector(gemini, { model: config.gemini.imageModel, language: config.gemini.language });
    case 'classical':
      return new ClassicalCrackDetector(threads);
  }
}
