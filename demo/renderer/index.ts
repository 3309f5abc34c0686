export { yuvFrame, type YuvFrame } from './color.js';
export { FramePainter } from './frames.js';
export type { GroundTruth } from './ground.js';
export {
  ALL_DAMAGE,
  NO_DAMAGE,
  sceneOf,
  VIEWPOINTS,
  type CameraLight,
  type DamageKinds,
  type Scene,
  type Stay,
  type Viewpoint,
} from './scene.js';
export { drawStill, type Still } from './still.js';
