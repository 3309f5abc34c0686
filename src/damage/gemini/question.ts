import type { DamageClass } from '../damage-detector.js';

/** What the picture may be like; all but `clear` is a reason to take nothing as fact. */
export const VIEWS = ['clear', 'no_road', 'night', 'weather', 'lens', 'traffic', 'other'] as const;
export type PictureView = (typeof VIEWS)[number];

/** The classes that are asked for. */
export const CLASSES: readonly DamageClass[] = ['D00', 'D10', 'D20', 'D40', 'crack'];

/** Gemini's boxes are whole numbers from 0 to this, whatever the picture's size. */
export const BOX_SCALE = 1000;

/** More are no road any more. */
export const MOST_DAMAGES = 50;

/**
 * The shape of an answer. Lists have no bounds: Google makes a state machine of a schema and refuses one with too many states, which
 * lengths of lists make most of.
 */
export const DAMAGE_SCHEMA = {
  type: 'object',
  properties: {
    view: { type: 'string', enum: VIEWS },
    damages: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          box_2d: {
            type: 'array',
            items: { type: 'integer' },
            description: 'ymin, xmin, ymax, xmax',
          },
          label: { type: 'string', enum: CLASSES },
          confidence: { type: 'number', minimum: 0, maximum: 1 },
        },
        required: ['box_2d', 'label', 'confidence'],
        propertyOrdering: ['box_2d', 'label', 'confidence'],
      },
    },
  },
  required: ['view', 'damages'],
  // First what it sees, then what follows from it.
  propertyOrdering: ['view', 'damages'],
} as const;

/** The words that go with the picture. */
export const DAMAGE_PROMPTS: Readonly<Record<'en' | 'ko', string>> = {
  en: `This is the view of a fixed road camera. Traffic was removed from it by putting many frames together, so that what is left of
vehicles may look blurred. You are a road inspector: find damage of the road surface.

First say in "view" what the picture is like: clear; no_road (it shows no road); night (too dark); weather (rain, snow or fog hide the
surface); lens (dirty, blurred or out of focus); traffic (vehicles hide most of the road); other (cannot be judged for another reason).

Then list in "damages" every damage of the carriageway:
- D00: longitudinal crack, along the direction of travel
- D10: transverse crack, across it
- D20: alligator crack, a net of cracks
- D40: pothole
- crack: a crack whose kind cannot be told
"box_2d" is [ymin, xmin, ymax, xmax] from 0 to ${BOX_SCALE}, as tight as possible. "confidence" is from 0 to 1, honest: an inspector drives out
for what you report.

These are not damage: lane markings and worn paint, shadows, tyre marks, wet spots, oil, patches and sealed cracks, joints, manhole covers,
kerbs, the edge of the road, anything beside the road, blocks of image compression. If in doubt leave it out. A sound road has an empty list.`,
  ko: `고정된 도로 CCTV의 화면입니다. 여러 프레임을 합쳐 통행 차량을 지웠으므로 차량의 흔적이 흐릿하게 남아 있을 수 있습니다. 당신은 도로
점검원입니다. 노면 파손을 찾으십시오.

먼저 "view"에 화면 상태를 적으십시오: clear(판단 가능), no_road(도로가 보이지 않음), night(너무 어두움), weather(비, 눈, 안개로 노면이 가려짐),
lens(렌즈 오염, 흐림, 초점 불량), traffic(차량이 도로 대부분을 가림), other(그 밖의 이유로 판단 불가).

그다음 "damages"에 차도의 모든 파손을 나열하십시오:
- D00: 종방향 균열(주행 방향)
- D10: 횡방향 균열(주행 방향에 직각)
- D20: 거북등 균열(그물 모양 균열)
- D40: 포트홀
- crack: 종류를 알 수 없는 균열
"box_2d"는 0부터 ${BOX_SCALE}까지의 [ymin, xmin, ymax, xmax]이며 가능한 한 파손에 꼭 맞게 그리십시오. "confidence"는 0부터 1까지이며 정직하게
적으십시오. 점검원이 실제로 현장에 출동합니다.

다음은 파손이 아닙니다: 차선과 닳은 도색, 그림자, 타이어 자국, 젖은 곳, 기름, 보수 자국과 메운 균열, 이음매, 맨홀 뚜껑, 연석, 도로 가장자리, 도로 밖의
모든 것, 영상 압축 블록. 확실하지 않으면 적지 마십시오. 온전한 도로라면 빈 목록으로 두십시오.`,
};
