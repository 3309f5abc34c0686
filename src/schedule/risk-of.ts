/** What the schedule wants to know of a camera's risk. */
export abstract class RiskOf {
  /** Whether the camera's jobs are to be run before others. */
  abstract urgent(cctvId: string): Promise<boolean>;
}
