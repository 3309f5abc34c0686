import { get, linkUrl } from '../../api.js';
import { moment, percent } from '../../format.js';
import { t, textOf } from '../../i18n/texts.js';

/** A place in a picture, shares of its width and height. */
export interface Shares {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Why a camera fails. */
interface Failing {
  readonly code: string;
  readonly message: string;
  readonly since: string;
}

/** A camera, as `GET /api/v1/cameras/{cctvId}` tells it. */
export interface Camera {
  readonly cctvId: string;
  readonly name: string | null;
  readonly road: string | null;
  readonly tags: readonly string[];
  readonly hasRegion: boolean;
  readonly hasCalibration: boolean;
  readonly recorded: boolean;
  readonly scheduled: boolean;
  readonly inspectEveryMinutes: number | null;
  readonly failing: Failing | null;
  readonly down: Failing | null;
  readonly stale: boolean;
  readonly lastClear: { readonly at: string; readonly visit: string } | null;
  readonly inspection: { readonly finishedAt: string | null } | null;
  readonly risk: { readonly risk: number; readonly trend: string } | null;
  readonly history: readonly { readonly at: string; readonly safetyScore: number }[];
}

/** A look at its road, as `GET …/visits` tells it. */
export interface CameraVisit {
  readonly visit: string;
  readonly jobId: string;
  readonly at: string;
  readonly light: string | null;
  readonly verdict: string | null;
  readonly reason: string | null;
  readonly damagedRoadShare: number | null;
  readonly worstSeverity: string | null;
  readonly detections: number | null;
  readonly picture: string | null;
}

/** What a visit marked, as `GET …/visits/{visit}/marks` tells it. */
export interface CameraMark {
  readonly class: string;
  readonly box: Shares;
  readonly severity: string;
  readonly confidence: number;
}

/** What of a finding this page shows. */
export interface CameraFinding {
  readonly id: string;
  readonly class: string;
  readonly box: Shares;
  readonly severity: string;
  readonly since: string;
  readonly goneSince: string | null;
  readonly state: string;
  readonly missed: boolean;
  readonly seenIn: number;
  readonly lookedAt: number;
}

/** The path of a camera's calls. */
export function cameraPath(cctvId: string, rest = ''): string {
  return `cameras/${encodeURIComponent(cctvId)}${rest}`;
}

/** The path of `GET …`, with what it answers; 404 is no error here, but nothing. */
export async function getIfThere<T>(path: string, otherwise: T, signal: AbortSignal): Promise<T> {
  try {
    return await get<T>(path, {}, signal);
  } catch (problem) {
    if ((problem as { status?: number }).status === 404) return otherwise;
    throw problem;
  }
}

/** Pictures come in a few widths; px */
export function pictureUrl({ picture }: CameraVisit, width: 160 | 320 | 640 | 960 | 1280 | 1920 = 1280): string {
  return linkUrl(picture ?? '', { w: width });
}

/** Whether its marks are facts. */
export function isClear({ verdict }: CameraVisit): boolean {
  return verdict === 'clear';
}

/** A visit in one line. */
export function visitLine(visit: CameraVisit): string {
  const what = isClear(visit) ? percent(visit.damagedRoadShare ?? 0, 1) : t('camera.inconclusive');
  return `${moment(visit.at)} · ${what}`;
}

/** The name of a kind of damage. */
export function classWord(kind: string): string {
  return textOf(`camera.class_${kind}`) ?? kind;
}

/** Whether two boxes mean the same place. */
export function isSamePlace(a: Shares, b: Shares): boolean {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return false;
  return width * height > 0.3 * Math.min(a.width * a.height, b.width * b.height);
}
