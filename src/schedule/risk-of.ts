/** What the schedule wants to know of a camera's risk. */
export abstract class RiskOf {
  /** Whether the camera's jobs are to be run before others. */
  abstract urgent(cctvId: string): Promise<boolean>;
}

/** Where nothing is known of risks, nothing is urgent. */
export class NeverUrgent extends RiskOf {
  async urgent(): Promise<boolean> {
    return false;
  }
}
