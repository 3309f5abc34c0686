import type { Clock } from '../job/clock.js';
import type { CameraLedger } from '../ledger/camera-ledger.js';
import { cameraStatus, type RiskSettings } from '../ledger/camera-status.js';
import { RiskOf } from './risk-of.js';

/** The risk that the ledger knows, from what was assessed before. */
export class LedgerRisk extends RiskOf {
  constructor(
    private readonly ledger: CameraLedger,
    private readonly settings: RiskSettings,
    private readonly clock: Clock,
  ) {
    super();
  }

  async urgent(cctvId: string): Promise<boolean> {
    const record = await this.ledger.get(cctvId);
    return record !== undefined && cameraStatus(record, this.settings, this.clock.now()).urgent;
  }
}
