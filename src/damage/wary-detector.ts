import type { Picture } from '../background/picture.js';
import {
  DamageDetector,
  type DamageAnalysis,
  type DetectOptions,
  type DetectorHealth,
  type DetectorInfo,
} from './damage-detector.js';
import { doubtOfSeeing } from './seeing.js';

/** A detector that takes nothing as fact on a picture on which nobody would see a road clearly. */
export class WaryDetector extends DamageDetector {
  constructor(private readonly detector: DamageDetector) {
    super();
  }

  get info(): DetectorInfo {
    return this.detector.info;
  }

  async detect(picture: Picture, options: DetectOptions): Promise<DamageAnalysis> {
    const analysis = await this.detector.detect(picture, options);
    return doubted(analysis, await doubtOfSeeing(picture));
  }

  health(): Promise<DetectorHealth> {
    return this.detector.health();
  }

  override heldBackBecause(): string | undefined {
    return this.detector.heldBackBecause();
  }
}

/** The analysis, inconclusive if there is a doubt: a sentence, which its reason begins with. */
export function doubted(analysis: DamageAnalysis, doubt: string | undefined): DamageAnalysis {
  if (doubt === undefined) return analysis;
  return { ...analysis, verdict: 'inconclusive', verdictReason: `${doubt} ${analysis.verdictReason}` };
}
