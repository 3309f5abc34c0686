import { get, linkUrl } from '../../api.js';
import type { Finding } from './finding.js';
import { useResource } from '../../resource.js';

/** A look at a camera's road, as `GET /api/v1/cameras/{cctvId}/visits` tells it. */
export interface Visit {
  readonly visit: string;
  readonly jobId: string;
  readonly at: string;
  readonly verdict: string | null;
  readonly picture: string | null;
}

const MOST_VISITS = 12;
/** px; the service makes a few widths only. */
const LARGE = 1_920;
const SMALL = 960;

/** The visits of a finding's camera that left a picture, the newest first; undefined until they were read. */
export function useVisits({ cctvId }: Pick<Finding, 'cctvId'>): readonly Visit[] | undefined {
  const path = `cameras/${encodeURIComponent(cctvId)}/visits`;
  const visits = useResource(path, (signal) => get<{ items: Visit[] }>(path, { limit: MOST_VISITS }, signal));
  if (visits.error.value !== undefined) return [];
  return visits.data.value?.items.filter(({ picture }) => picture !== null);
}

/** The picture on which a finding was seen last; what its job stored, where the visits do not know it. */
export function pictureOf({ lastJobId }: Finding, visits: readonly Visit[]): string {
  const seen = visits.find(({ jobId }) => jobId === lastJobId);
  if (seen !== undefined) return visitPicture(seen, LARGE);
  return linkUrl(`/api/v1/jobs/${encodeURIComponent(lastJobId)}/artifacts/background.jpg`);
}

/** The address of a visit's picture. */
export function visitPicture({ picture }: Visit, width = SMALL): string {
  return linkUrl(picture ?? '', { w: width });
}
