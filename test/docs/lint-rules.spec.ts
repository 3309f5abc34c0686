import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const ROOT = new URL('../../../', import.meta.url).pathname;

/** Lints texts as if they stood in these files, and prints which rules they break. */
const LINT = `
  import { ESLint } from 'eslint';
  const eslint = new ESLint({ cwd: process.cwd() });
  const found = [];
  for (const [filePath, text] of JSON.parse(process.argv[1])) {
    const [{ messages }] = await eslint.lintText(text, { filePath });
    found.push(messages.map(({ ruleId }) => ruleId));
  }
  console.log(JSON.stringify(found));
`;

it('has a rule for each of these, and the rule fires', async () => {
  const PATHS = 'import-x/no-restricted-paths';
  const HOME = 'roadstream/one-home';
  const planted: [file: string, text: string, rule: string][] = [
    ['src/lib/deadline.ts', "import '../job/errors.js';", PATHS],
    ['src/capture/guarded-capture.ts', "import '../damage/severity.js';", PATHS],
    ['src/queue/lane-keys.ts', "import '../worker/engine.js';", PATHS],
    ['src/inspection/inspection.module.ts', "import '../worker/engine.js';", PATHS],
    ['src/worker/engine.ts', "import '../inspection/inspection-job.js';", PATHS],
    ['src/job/outcome.ts', "import '../config/config.js';", PATHS],
    ['src/job/outcome.ts', "import '../../test/support/eventually.js';", PATHS],
    ['src/job/outcome.ts', "import './outcome.js';", 'import-x/no-self-import'],
    ['src/queue/lane-keys.ts', "import { Redis } from 'ioredis';", HOME],
    ['src/ledger/assessment-list.ts', "import type { Connection } from '../redis/connection.js';", HOME],
    ['src/damage/severity.ts', "import { spawn } from 'node:child_process';", HOME],
    ['src/damage/severity.ts', "import { Worker } from 'worker_threads';", HOME],
    ['src/capture/guarded-capture.ts', "import sharp from 'sharp';", HOME],
    ['src/inspection/inspect-road.ts', "import 'onnxruntime-node';", HOME],
    ['src/artifacts/open-store.ts', "import 'pkgcloud';", HOME],
    ['src/worker/engine.ts', "import 'prom-client';", HOME],
    ['src/worker/engine.ts', "import 'systeminformation';", HOME],
    ['src/worker/engine.ts', "import 'pino';", HOME],
    ['src/gemini/gemini.ts', "import '@google/generative-ai';", HOME],
    ['src/job/outcome.ts', "import { Module } from '@nestjs/common';", HOME],
    ['src/job/outcome.ts', 'export const a = process.env;', 'no-restricted-syntax'],
    ['src/job/outcome.ts', "import 'node:process';", 'no-restricted-syntax'],
    ['src/job/outcome.ts', 'export const a = AbortSignal.any([]);', 'no-restricted-syntax'],
  ];
  const texts = JSON.stringify(planted.map(([file, text]) => [join(ROOT, file), `${text}\n`]));
  const { stdout } = await promisify(execFile)('node', ['--input-type=module', '-e', LINT, texts], { cwd: ROOT });
  const found = JSON.parse(stdout) as string[][];
  const silent = planted.filter(([, , rule], i) => !found[i]!.includes(rule)).map(([file, text]) => `${file}: ${text}`);
  expect(silent).toEqual([]);
}, 120_000);
