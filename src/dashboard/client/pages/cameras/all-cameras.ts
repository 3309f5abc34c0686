import { get } from '../../api.js';
import type { CameraItem, CameraPage } from '../../shapes.js';

const PAGE = 200;
/** Beyond these a filter is of more use. */
export const MOST_CAMERAS = 2_000;

/** All cameras that a filter names, up to {@link MOST_CAMERAS}. @throws ApiError */
export async function allCameras(
  filter: Readonly<Record<string, string | undefined>>,
  signal?: AbortSignal,
): Promise<CameraItem[]> {
  const cameras: CameraItem[] = [];
  let cursor: string | null = '';
  while (cursor !== null && cameras.length < MOST_CAMERAS) {
    const page: CameraPage = await get<CameraPage>('cameras', { ...filter, limit: PAGE, cursor }, signal);
    cameras.push(...page.items);
    cursor = page.next;
  }
  return cameras.slice(0, MOST_CAMERAS);
}
