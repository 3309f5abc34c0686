import type { Picture } from '../../picture/picture.js';
import type { Gemini, Question } from '../../gemini/gemini.js';
import {
  DamageDetector,
  type DetectOptions,
  type DetectorHealth,
  type DetectorInfo,
  type PictureMarks,
} from '../damage-detector.js';
import { encodeJpeg } from '../../picture/encode-jpeg.js';
import { roadHintOf } from '../road-hint.js';
import { marksOfBoxes } from '../marked-boxes.js';
import { DAMAGE_PROMPTS, DAMAGE_SCHEMA, type PictureView } from './question.js';
import { readDamages, type ReadDamages } from './read-damages.js';

/** What `GeminiDetector` takes. */
export interface GeminiDetectorSettings {
  /** Gemini's name of the model. */
  readonly model: string;
  /** Of the prompt. */
  readonly language: 'en' | 'ko';
}

/** px; Gemini looks at pictures in tiles of about half this size, and more pixels cost more than they show. */
const LONGEST_SIDE = 1536;
const QUALITY = 90;

/** What a picture of that size, and an answer of some boxes, come to. */
const TOKENS_OF_PICTURE = 2_300;
const TOKENS_OF_ANSWER = 1_000;
/** Fewer than four, since Korean takes more tokens. */
const CHARACTERS_PER_TOKEN = 2;

/** Asks Gemini for boxes around damage. Each picture costs a request of the budgets, and money. */
export class GeminiDetector extends DamageDetector {
  readonly info: DetectorInfo;

  constructor(
    private readonly gemini: Gemini,
    private readonly settings: GeminiDetectorSettings,
  ) {
    super();
    this.info = {
      name: 'gemini',
      version: settings.model,
      classes: [
        { id: 'D00', name: 'Longitudinal crack' },
        { id: 'D10', name: 'Transverse crack' },
        { id: 'D20', name: 'Alligator crack' },
        { id: 'D40', name: 'Pothole' },
        { id: 'crack', name: 'Crack' },
      ],
      marks:
        'Marks what Google Gemini takes for cracks and potholes, in boxes. Its confidence is its own word, not a ' +
        'measured probability, and the same picture may be judged otherwise the next time.',
    };
  }

  async detect(picture: Picture, { drivenRoad, region, signal }: DetectOptions): Promise<PictureMarks> {
    const question = await this.questionAbout(picture);
    const { value } = await this.gemini.ask(question, signal);
    const image = { width: picture.width, height: picture.height };
    const damages = readDamages(value, image);
    const { name, version } = this.info;
    const hint = roadHintOf(drivenRoad, region);
    return { detector: { name, version }, ...marksOfBoxes(damages.sightings, image, hint, doubtsOf(damages)) };
  }

  async health(): Promise<DetectorHealth> {
    const message = this.heldBackBecause();
    return message === undefined ? { status: 'up' } : { status: 'down', message };
  }

  override heldBackBecause(): string | undefined {
    const { shutUntil } = this.gemini;
    if (shutUntil === undefined) return undefined;
    return `No Gemini project has budget left before ${new Date(shutUntil).toISOString()}; see docs/gemini.md.`;
  }

  private async questionAbout(picture: Picture): Promise<Question> {
    const { model, language } = this.settings;
    const prompt = DAMAGE_PROMPTS[language];
    const bytes = await encodeJpeg(picture, QUALITY, LONGEST_SIDE);
    return {
      model,
      prompt,
      schema: DAMAGE_SCHEMA,
      subject: { kind: 'picture', mimeType: 'image/jpeg', bytes },
      tokensExpected: Math.ceil(prompt.length / CHARACTERS_PER_TOKEN) + TOKENS_OF_PICTURE + TOKENS_OF_ANSWER,
    };
  }
}

/** Why nothing may be taken as fact, by what Gemini says of the picture. In words of ours, not in Gemini's. */
const DOUBTS: Readonly<Record<Exclude<PictureView, 'clear'>, string>> = {
  no_road: 'Gemini sees no road in this picture.',
  night: 'Gemini finds the picture too dark to judge the road.',
  weather: 'Gemini finds the road hidden by rain, snow or fog.',
  lens: 'Gemini finds the picture blurred or the lens dirty.',
  traffic: 'Gemini finds most of the road hidden by vehicles.',
  other: 'Gemini says that it cannot judge the road in this picture.',
};

function doubtsOf({ view, sightings, unreadable }: ReadDamages): string[] {
  const lost = `${unreadable} of the boxes in Gemini's answer are none, so that damage may be missing.`;
  return [...(view === 'clear' ? [] : [DOUBTS[view]]), ...(unreadable > sightings.length ? [lost] : [])];
}
