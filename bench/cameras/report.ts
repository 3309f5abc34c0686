import type { Cost } from './inspections.js';

/** A cost, and how many cameras it comes to. */
export interface Summary extends Cost {
  cpuSecondsPerInspection: number;
  everySeconds: number;
  /** Cameras that one core serves when each is inspected once in this time, with nothing to spare. */
  camerasPerCore: number;
}

export function summaryOf(cost: Cost, everySeconds: number): Summary {
  const cpuSecondsPerInspection = cost.workerCpuSeconds + cost.ffmpegCpuSeconds;
  return { ...cost, cpuSecondsPerInspection, everySeconds, camerasPerCore: everySeconds / cpuSecondsPerInspection };
}

export function print(rows: readonly Summary[], seconds: number): void {
  const mb = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;
  console.log(`Inspections of ${seconds} s of video by the whole service, one at a time, means of ${rows[0]?.jobs}:`);
  console.table(
    rows.map((row) => ({
      size: row.size,
      'worker CPU': `${row.workerCpuSeconds.toFixed(2)} s`,
      'ffmpeg CPU': `${row.ffmpegCpuSeconds.toFixed(2)} s`,
      'worker at rest': mb(row.restBytes),
      'worker at most': mb(row.workerBytes),
      'one ffmpeg': mb(row.ffmpegBytes),
    })),
  );
  for (const { size, everySeconds, camerasPerCore } of rows)
    console.log(
      `One core serves ${Math.floor(camerasPerCore)} cameras of ${size}, each once in ${everySeconds / 60} min.`,
    );
}
