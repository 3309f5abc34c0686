import { ACCESS } from './access.js';
import { AWS } from './aws.js';
import { GEMINI } from './gemini.js';
import { JOBS } from './jobs.js';
import { KAFKA } from './kafka.js';
import { PICTURES } from './pictures.js';
import { SERVICE } from './service.js';
import { SQS } from './sqs.js';
import { STORAGE } from './storage.js';
import { TRACING } from './tracing.js';
import { WEBHOOKS } from './webhooks.js';
import type { Setting, Values } from './rows.js';

/** Every variable that the service reads, in sections. `.env.example` and docs/settings.md are made from it. */
export const SECTIONS = {
  ...JOBS,
  ...PICTURES,
  ...STORAGE,
  ...AWS,
  ...GEMINI,
  ...KAFKA,
  ...SQS,
  ...SERVICE,
  ...TRACING,
  ...ACCESS,
  ...WEBHOOKS,
};

type Flat<Sections> = Sections[keyof Sections] extends infer Section
  ? (Section extends unknown ? (of: Section) => void : never) extends (of: infer All) => void
    ? All
    : never
  : never;

/** The same without sections. */
export const TABLE = Object.assign({}, ...Object.values(SECTIONS)) as Flat<typeof SECTIONS>;

/** A variable's name. */
export type Name = keyof typeof TABLE;

/** The checked variables. */
export type Env = Values<typeof TABLE>;

/** The names of all variables, in the order of the table. */
export const NAMES = Object.keys(TABLE) as Name[];

/** The default of each variable. */
export const DEFAULTS = Object.fromEntries(NAMES.map((name) => [name, TABLE[name].default])) as Env;

/** One variable, whatever its type. */
export function settingOf(name: Name): Setting<unknown> {
  return TABLE[name];
}
