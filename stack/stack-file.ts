import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { STACK_FILE } from './places.js';

/** What runs where. */
export interface StackFile {
  readonly redis: string;
  /** The process that answers programs and people. */
  readonly api: string;
  /** Every process of roadstream, by its role in the list of processes. */
  readonly roadstream: Readonly<Record<string, string>>;
  readonly prometheus: string;
  readonly alertmanager: string;
  readonly redisExporter: string | null;
  readonly grafana: string | null;
  /** The playlist of the sample camera. */
  readonly sample: string;
  /** Whether the workers take jobs of `load_stub_…` cameras without watching anything. */
  readonly stub: boolean;
}

/** Writes it as a whole. */
export function writeStackFile(stack: StackFile): void {
  writeWhole(STACK_FILE, stack);
}

/** Writes JSON under another name first, so that nobody reads a half. */
export function writeWhole(file: string, value: unknown): void {
  writeFileSync(`${file}.new`, JSON.stringify(value, null, 2));
  renameSync(`${file}.new`, file);
}

/** The stack that was started here last; undefined when none is up. */
export function readStackFile(): StackFile | undefined {
  return existsSync(STACK_FILE) ? (JSON.parse(readFileSync(STACK_FILE, 'utf8')) as StackFile) : undefined;
}
