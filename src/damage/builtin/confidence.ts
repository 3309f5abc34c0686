/** What a score is worth: pairs of a score and of the share of such marks that are right, both rising. */
export type ReliabilityCurve = readonly (readonly [score: number, right: number])[];

/** The confidence of a score by a curve, linear between its points and level beyond its ends. 0..1 */
export function confidenceOf(score: number, curve: ReliabilityCurve): number {
  const next = curve.findIndex(([at]) => at >= score);
  if (next < 0) return curve.at(-1)?.[1] ?? score;
  const [at, right] = curve[next]!;
  const [before, rightBefore] = curve[next - 1] ?? [at, right];
  if (at === before) return right;
  return rightBefore + ((right - rightBefore) * (score - before)) / (at - before);
}
