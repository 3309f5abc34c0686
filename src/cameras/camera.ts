import type { CameraHeaders } from './camera-headers.js';

/** A point in a camera's picture as shares of its width and height, 0..1, so that it outlives a change of resolution. */
export type PicturePoint = readonly [x: number, y: number];

/** What is known of one camera beforehand: an entry of the cameras file. */
export interface Camera {
  readonly cctvId: string;
  /** What people call it; undefined: by its `cctvId`. */
  readonly name: string | undefined;
  /** Undefined: on no map. */
  readonly location: CameraLocation | undefined;
  /** Where it looks: degrees clockwise from north, 0..360. */
  readonly bearing: number | undefined;
  /** The name of its road. */
  readonly road: string | undefined;
  /** Words to filter by. */
  readonly tags: readonly string[];
  /** Its HLS playlist; may carry secrets. Undefined for a camera that is only described, not watched by schedule. */
  readonly hls: string | undefined;
  /** What goes with each request to its own servers. */
  readonly headers: CameraHeaders | undefined;
  /** Damage is looked for inside this polygon only. */
  readonly region: readonly PicturePoint[] | undefined;
  readonly calibration: Calibration | undefined;
  /** Its video is recorded in segments, and each becomes an assessment job. */
  readonly record: boolean;
  /** A preprocess job every so many minutes; undefined: none. */
  readonly inspectEveryMinutes: number | undefined;
  /** Seconds of video that such a job watches. */
  readonly inspectSeconds: number;
}

/** A place on earth by WGS 84, degrees. */
export interface CameraLocation {
  readonly lat: number;
  readonly lon: number;
}

/** A rectangle on the road: where its corners are in the picture, and how large it is. */
export interface Calibration {
  /** Far left, far right, near right, near left. */
  readonly corners: readonly [PicturePoint, PicturePoint, PicturePoint, PicturePoint];
  /** Across the road, m. */
  readonly widthM: number;
  /** Along the road, m. */
  readonly lengthM: number;
}

/** The cameras that the operator described. A class: Nest's token. */
export class Cameras {
  private readonly byId: ReadonlyMap<string, Camera>;

  constructor(readonly all: readonly Camera[]) {
    this.byId = new Map(all.map((camera) => [camera.cctvId, camera]));
  }

  get(cctvId: string): Camera | undefined {
    return this.byId.get(cctvId);
  }
}
