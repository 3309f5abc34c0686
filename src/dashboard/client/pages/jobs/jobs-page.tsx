import { path } from '../../router.js';
import { JobDetail } from './job-detail.js';
import { JobList } from './job-list.js';

/** Jobs, live: all of them, or one. */
export function JobsPage() {
  const id = path.value[1];
  return id === undefined ? <JobList /> : <JobDetail key={id} id={id} />;
}
