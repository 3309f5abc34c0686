import type { ComponentType } from 'preact';
import type { TextKey } from './i18n/texts.js';
import { CamerasPage } from './pages/cameras/cameras-page.js';
import { CameraPage } from './pages/camera/camera-page.js';
import { CityPage } from './pages/city/city-page.js';
import { DeadLettersPage } from './pages/dead-letters/dead-letters-page.js';
import { FindingsPage } from './pages/findings/findings-page.js';
import { JobsPage } from './pages/jobs/jobs-page.js';
import { LogPage } from './pages/log/log-page.js';
import { ReviewPage } from './pages/review/review-page.js';
import { SystemPage } from './pages/system/system-page.js';
import { WorkersPage } from './pages/workers/workers-page.js';

/** A page of the menu; its address is its name, the start's is empty. */
export interface Page {
  readonly name: string;
  readonly title: TextKey;
  readonly Show: ComponentType;
  /** Shown to operators only. */
  readonly forOperators?: boolean;
}

/** In the order of the menu. */
export const PAGES: readonly Page[] = [
  { name: '', title: 'city.title', Show: CityPage },
  { name: 'cameras', title: 'cameras.title', Show: CamerasPage },
  { name: 'review', title: 'review.title', Show: ReviewPage },
  { name: 'findings', title: 'findings.title', Show: FindingsPage },
  { name: 'jobs', title: 'jobs.title', Show: JobsPage },
  { name: 'dead-letters', title: 'letters.title', Show: DeadLettersPage },
  { name: 'workers', title: 'workers.title', Show: WorkersPage },
  { name: 'system', title: 'system.title', Show: SystemPage },
  { name: 'log', title: 'log.title', Show: LogPage, forOperators: true },
];

/** One camera: below the wall, and in no menu. */
export const CAMERA: Page = { name: 'camera', title: 'camera.title', Show: CameraPage };
