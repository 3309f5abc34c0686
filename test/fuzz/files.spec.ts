import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { parseCameras } from '../../src/cameras/cameras-file.js';
import { CamerasFileError } from '../../src/cameras/cameras-file.error.js';
import { ConfigError, loadConfig } from '../../src/config/config.js';
import { NAMES, settingOf } from '../../src/config/table/table.js';
import { readEnvironment } from '../../src/config/sources/environment.js';
import { ROOT } from '../../demo/places.js';
import { Service } from '../support/service.js';
import { useFolder } from '../support/use-folder.js';
import { leakIn } from './leaks.js';
import { mutated, oddText } from './mutations.js';
import { examplesOf, tries } from './seed.js';

jest.setTimeout(120_000);

/** The error that came of it, whatever it was; undefined when there was none. */
function thrownBy(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
}

const LIMITS = { maxSeconds: 600, secrets: { secret: () => undefined } };
/** A message of more would fill a terminal. */
const LONGEST_MESSAGE = 60_000;

function expectSaying(error: unknown, kind: new (...args: never[]) => Error): void {
  if (error === undefined) return;
  if (!(error instanceof kind)) throw new Error('An error of another kind.', { cause: error });
  if (leakIn(error.message) !== undefined || error.message.length > LONGEST_MESSAGE) throw new Error(error.message);
}

const folder = useFolder('fuzz', 'suite');

describe('files that people write, however odd', () => {
  let cameras: Buffer;
  let settings: Buffer;

  beforeAll(async () => {
    cameras = await readFile(join(ROOT, 'cameras.example.json'));
    settings = await readFile(join(ROOT, '.env.example'));
  });

  it('are refused as a cameras file with sentences, or taken', async () => {
    const entry = JSON.parse(cameras.toString()) as { cameras: Record<string, unknown>[] };
    const values = fc.oneof(
      fc.anything(),
      oddText(),
      fc.array(fc.array(fc.double(), { maxLength: 3 }), { maxLength: 5 }),
    );
    const typed = fc
      .tuple(fc.constantFrom(...Object.keys(entry.cameras[0]!), 'other'), values)
      .map(([field, value]) => ({ cameras: [{ ...entry.cameras[0], [field]: value }] }));
    const texts = fc.oneof(
      mutated(cameras).map(String),
      typed.map((file) => safely(file)),
      fc.json(),
    );
    fc.assert(
      fc.property(texts, (text) =>
        expectSaying(
          thrownBy(() => parseCameras(text, LIMITS)),
          CamerasFileError,
        ),
      ),
      tries(1_500),
    );
  });

  it('are refused as settings with one message that holds no secret, or taken', () => {
    const secret = fc.stringMatching(/^[ !-~]*S3cr3t[ !-~]{3,20}$/);
    const pair = fc
      .constantFrom(...NAMES)
      .chain((name) => fc.tuple(fc.constant(name), settingOf(name).isSecret ? secret : oddText()));
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 6 }), (pairs) => {
        const error = thrownBy(() => loadConfig(Object.fromEntries(pairs)));
        expectSaying(error, ConfigError);
        if (error instanceof Error && error.message.includes('S3cr3t')) throw new Error(error.message);
      }),
      tries(1_500),
    );
  });

  it('are refused as an .env file with a message, or taken', async () => {
    const file = folder.at('.env');
    await fc.assert(
      fc.asyncProperty(mutated(settings, 8), async (bytes) => {
        await writeFile(file, bytes);
        expectSaying(
          thrownBy(() => readEnvironment(file)),
          ConfigError,
        );
      }),
      tries(300),
    );
  });

  it('end the start with a message and no stack', async () => {
    const lines = fc.tuple(fc.constantFrom(...NAMES), oddText()).map(([name, text]) => `${name}=${text}`);
    const wrong = examplesOf(lines, 40)
      .filter((line) => isRefused(line))
      .slice(0, 5);
    for (const line of wrong) {
      const [name = '', ...value] = line.split('=');
      const service = await Service.launch({ [name]: value.join('=').replaceAll('\0', '') });
      expect(await service.end()).toBe(1);
      expect(leakIn(service.output)).toBeUndefined();
      expect(service.output).toContain(name);
    }
  });
});

/** Only what surely does not start: a service that runs would have to be ended. */
function isRefused(line: string): boolean {
  const [name = '', ...value] = line.split('=');
  return thrownBy(() => loadConfig({ [name]: value.join('=').replaceAll('\0', '') })) !== undefined;
}

function safely(value: unknown): string {
  const seen = (_key: string, part: unknown): unknown => (typeof part === 'bigint' ? String(part) : part);
  return JSON.stringify(value, seen);
}
