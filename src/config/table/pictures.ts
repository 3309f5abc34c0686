import { isDamageClass, isOutboundRules } from '../env.forms.js';
import { amount, commaList, line, oneOf, shaped, whole } from './rows.js';

const OUTBOUND_RULES = 'a comma-separated list of hosts, *.hosts, addresses or CIDRs, each with :port if wanted';

/** What becomes of a stream: pictures, and damage on them. */
export const PICTURES = {
  Capture: {
    FFMPEG_PATH: line('ffmpeg', 'A path, or a name to look for in PATH.'),
    CAPTURE_MAX_HEIGHT: whole(
      1080,
      { min: 120, max: 4320, unit: 'pixels' },
      'Larger pictures are scaled down to this height.',
    ),
    OUTBOUND_ALLOW: shaped(
      undefined,
      OUTBOUND_RULES,
      isOutboundRules,
      'Cameras on a private network have to be allowed: hosts, *.hosts, addresses, CIDRs, each with :port if wanted. Example: OUTBOUND_ALLOW=10.20.0.0/16,*.cctv.example.com,192.168.7.5:8080.',
    ),
    OUTBOUND_DENY: shaped(undefined, OUTBOUND_RULES, isOutboundRules, 'The same form; wins over OUTBOUND_ALLOW.'),
  },
  Damage: {
    DAMAGE_DETECTOR: oneOf(
      'builtin',
      ['builtin', 'onnx', 'gemini', 'classical'],
      'builtin: the model that comes with the service. onnx: your own, DAMAGE_MODEL (docs/vision.md). gemini: asks Google Gemini, which needs a key and costs money per picture. classical: by shape alone, cracks only, with many false alarms.',
    ),
    DAMAGE_MODEL: line(undefined, 'For onnx: the path of the model.'),
    DAMAGE_MODEL_LAYOUT: oneOf(
      'auto',
      ['auto', 'yolov8', 'yolov5', 'yolox', 'end2end', 'yolov7nms', 'rtdetr', 'detr', 'labels'],
      'auto, or what the model gives: yolov8 (also v11), yolov5 (also v7), yolox, end2end (v10), yolov7nms, rtdetr, detr, labels.',
    ),
    DAMAGE_MODEL_CLASSES: commaList(
      'D00, D10, D20, D40, crack or - for none, one for each class of the model',
      isDamageClass,
      "A class for each of the model's, in their order: D00, D10, D20, D40, crack, - for none. Empty: by the names in the file.",
    ),
    DAMAGE_MODEL_THRESHOLD: amount(0.25, { min: 0, max: 1 }, 'Least confidence of a detection.'),
    DAMAGE_MODEL_DEVICE: oneOf('cpu', ['cpu', 'cuda'], 'cuda needs a build of onnxruntime with it.'),
  },
  Cameras: {
    CAMERAS_FILE: line(
      undefined,
      'A JSON file that describes cameras: region of interest, calibration, recording, schedule; see docs/cameras.md.',
    ),
    VISITS_KEPT: whole(
      5,
      { min: 0, max: 50, unit: 'visits' },
      'Earlier visits of a camera that are kept to compare with, by each light: day, dusk, night; 0: none.',
    ),
  },
};
