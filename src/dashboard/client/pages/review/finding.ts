/** What a damage is called by the detector. */
export const CLASSES = ['D00', 'D10', 'D20', 'D40', 'crack', 'damage'] as const;
/** What a person may say that it is, in the order of the keys 1 to 6. */
export const ANSWERS = ['pothole', 'crack', 'alligator_crack', 'pavement_failure', 'utility_cut', 'other'] as const;
/** Why a person may say that it is none, in the order of the keys 1 to 8. */
export const REASONS = [
  ...(['shadow', 'wet', 'marking', 'patch', 'joint_or_manhole', 'vehicle', 'debris', 'other'] as const),
] as const;
export const SEVERITIES = ['high', 'medium', 'low'] as const;
export const FINDING_STATES = ['open', 'came_back', 'accepted', 'rejected', 'repaired'] as const;

export type Answer = (typeof ANSWERS)[number];
export type Reason = (typeof REASONS)[number];
export type FindingState = (typeof FINDING_STATES)[number];

/** Those that somebody is to look at. */
export const TO_REVIEW: readonly string[] = ['open', 'came_back'];

/** A place in a picture: shares of its width and height, 0..1. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A damage at a place of a camera, as `GET /api/v1/findings` tells it. */
export interface Finding {
  readonly id: string;
  readonly cctvId: string;
  readonly class: string;
  readonly box: Box;
  readonly severity: string;
  readonly confidence: number;
  readonly areaM2: number | null;
  readonly widthM: number | null;
  readonly lengthM: number | null;
  readonly since: string;
  readonly lastSeen: string;
  readonly goneSince: string | null;
  readonly seenIn: number;
  readonly lookedAt: number;
  readonly lastJobId: string;
  readonly detector: { readonly name: string; readonly version: string };
  readonly missed: boolean;
  readonly state: FindingState;
  readonly answer: Answer | null;
  readonly reason: Reason | null;
  readonly note: string | null;
  readonly ref: string | null;
  readonly by: string | null;
  readonly reviewedAt: string | null;
  readonly reopened: string | null;
  readonly version: number;
}

/** What a person says of a finding. */
export interface Decision {
  readonly decision: 'accept' | 'reject' | 'repair' | 'reopen';
  readonly answer?: Answer;
  readonly reason?: Reason;
  readonly note?: string;
  readonly ref?: string;
}

/** What a finding of a class is as a rule. */
export function usualAnswer(name: string): Answer {
  if (name === 'D20') return 'alligator_crack';
  return ['D00', 'D10', 'crack'].includes(name) ? 'crack' : 'pothole';
}
