/** Memory of the service, bytes: of the process, and of its main thread. */
export interface Memory {
  rss: number;
  heapUsed: number;
  external: number;
  arrayBuffers: number;
}

/** What the service said of itself when so many jobs were done. */
export interface Sample extends Memory {
  jobs: number;
}

export const KINDS = ['rss', 'heapUsed', 'external', 'arrayBuffers'] as const satisfies readonly (keyof Memory)[];

/**
 * How memory goes on, bytes per job: the slope of the line through all samples from `fromJobs` on by Theil and Sen, the
 * median of the slopes between any two, which the saw teeth of garbage collection do not bend.
 */
export function growthOf(samples: readonly Sample[], fromJobs: number): Memory {
  const late = samples.filter(({ jobs }) => jobs >= fromJobs);
  return memoryOf((kind) =>
    medianOf(
      late.flatMap((a, i) =>
        late.slice(i + 1).flatMap((b) => (a.jobs === b.jobs ? [] : [(b[kind] - a[kind]) / (b.jobs - a.jobs)])),
      ),
    ),
  );
}

/** The memory around a number of jobs: medians of the samples within `reach` jobs of it; NaN where there are none. */
export function memoryAt(samples: readonly Sample[], jobs: number, reach: number): Memory {
  const near = samples.filter((sample) => Math.abs(sample.jobs - jobs) <= reach);
  return memoryOf((kind) => medianOf(near.map((sample) => sample[kind])));
}

function memoryOf(of: (kind: keyof Memory) => number): Memory {
  return { rss: of('rss'), heapUsed: of('heapUsed'), external: of('external'), arrayBuffers: of('arrayBuffers') };
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}
