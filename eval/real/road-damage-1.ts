import { fileURLToPath } from 'node:url';
import { AS_SCORED, ROAD_DAMAGE, type RoadModel } from '../../src/damage/builtin/road-model.js';

/** The model before 2.0, with the thresholds of its time: what the present one is measured against. */
export const ROAD_DAMAGE_1: RoadModel = {
  ...ROAD_DAMAGE,
  file: fileURLToPath(new URL('../../../models/before/road-damage-1.1.onnx', import.meta.url)),
  version: '1.1.0',
  pixels: 768 * 480,
  lane: { driven: 0.5, sight: 0.5 },
  pothole: { low: 0.8, high: 0.9, score: 0.976, leastShare: 2 / (128 * 80), reliability: AS_SCORED },
  crack: { low: 0.7, high: 0.8, score: 0, leastShare: 30 / (192 * 120), reliability: AS_SCORED },
  vehicle: undefined,
};
