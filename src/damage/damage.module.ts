import { Module } from '@nestjs/common';
import { ClassicalCrackDetector } from './classical/classical-crack-detector.js';
import { DamageDetector } from './damage-detector.js';

/** What finds damage. */
@Module({
  providers: [{ provide: DamageDetector, useFactory: (): DamageDetector => new ClassicalCrackDetector() }],
  exports: [DamageDetector],
})
export class DamageModule {}
