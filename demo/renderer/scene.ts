/** Where the camera hangs and how it looks. Lengths in m, angles in degrees. */
export interface Viewpoint {
  /** m above the road */
  height: number;
  /** m to the right of the road's middle; the camera must hang above the road */
  offset: number;
  /** degrees below the horizontal */
  tilt: number;
  /** degrees to the right of the road's direction */
  yaw: number;
  /** degrees the picture covers from left to right */
  fieldOfView: number;
}

/** Which kinds of damage are drawn. */
export interface DamageKinds {
  cracks: boolean;
  /** Patches of a net of cracks. */
  alligator: boolean;
  potholes: boolean;
}

/** A vehicle that drives up, stands on the road and drives on. No other traffic uses its lane. */
export interface Stay {
  kind: 'car' | 'van';
  /** m to the right of the road's middle; on the left it comes towards the camera. */
  u: number;
  /** m ahead of the camera's foot */
  v: number;
  /** s of the clip at which it has come to a stand; below 0 it stood there from the start. */
  from: number;
  /** s of the clip at which it drives on; beyond the end it stays. */
  until: number;
}

/** What a camera does to its picture by itself, at s of the clip. */
export interface CameraLight {
  /** The exposure is `gain` times the usual one for a while. */
  pumps?: readonly { from: number; until: number; gain: number }[];
  /** From here on the picture is infrared: without colour, and lit by the camera. */
  infraredFrom?: number;
}

/** All that decides what a clip shows. The same scene gives the same bytes. */
export interface Scene {
  seed: number;
  /** px, even */
  width: number;
  /** px, even */
  height: number;
  fps: number;
  /** s; the clip can be looped without a seam */
  seconds: number;
  view: Viewpoint;
  /** lanes in each direction */
  lanes: number;
  /** The road's curvature in 1/m, to the right when positive. */
  bend: number;
  damage: DamageKinds;
  /** 0 (no vehicle) .. 1 (one behind the other) */
  traffic: number;
  /** s that one lane loses in each loop by braking, standing and starting; 0 for flowing traffic */
  stop: number;
  /** Standard deviation of the sensor's noise, in grey values. */
  noise: number;
  /** px by which the camera sways, at most */
  jitter: number;
  /** 0 (overcast: no hard shadows) .. 1 (bright sun) */
  sun: number;
  /** 1 by day; less when dusk falls, and then lamps are lit */
  light: number;
  /** Vehicles that stand; none unless said. */
  stays?: readonly Stay[];
  /** Steady unless said. */
  cameraLight?: CameraLight;
}

export const NO_DAMAGE: DamageKinds = { cracks: false, alligator: false, potholes: false };
export const ALL_DAMAGE: DamageKinds = { cracks: true, alligator: true, potholes: true };

/** Views as operators mount cameras: above the median, on an arm over the right lane, high on a mast, low and steep. */
export const VIEWPOINTS = {
  gantry: { height: 7.5, offset: 0.5, tilt: 14, yaw: 0, fieldOfView: 56 },
  arm: { height: 8.5, offset: 4.5, tilt: 16, yaw: -9, fieldOfView: 58 },
  mast: { height: 12, offset: -4, tilt: 20, yaw: 7, fieldOfView: 52 },
  steep: { height: 8, offset: 2, tilt: 36, yaw: 2, fieldOfView: 50 },
} satisfies Record<string, Viewpoint>;

/** A full scene from what is worth saying about it. */
export function sceneOf(wishes: Partial<Scene>): Scene {
  return {
    seed: 1,
    width: 1280,
    height: 720,
    fps: 25,
    seconds: 24,
    view: VIEWPOINTS.gantry,
    lanes: 2,
    bend: 0,
    damage: ALL_DAMAGE,
    traffic: 0.4,
    stop: 0,
    noise: 1.5,
    jitter: 0,
    sun: 0.6,
    light: 1,
    ...wishes,
  };
}
