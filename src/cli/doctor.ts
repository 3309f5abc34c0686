import { openStore } from '../artifacts/open-store.js';
import { CamerasFileError } from '../cameras/cameras-file.error.js';
import { readCamerasFile } from '../cameras/cameras-file.js';
import { diagnoseKafka } from '../kafka/diagnose-kafka.js';
import { probeFfmpeg } from '../capture/ffmpeg/ffmpeg-probe.js';
import { ConfigError, loadConfig, type Config } from '../config/config.js';
import { readEnvironment } from '../config/sources/environment.js';
import { diagnoseGeminiKeys } from '../gemini/budget/diagnose.js';
import { parseTokens, readTokensText } from '../http/access/tokens/tokens-file.js';
import { doubtOfAccess } from '../http/open-control.js';
import { fail, ok, warn, type Diagnosis } from '../lib/diagnosis.js';
import { messageOf } from '../job/errors.js';
import { diagnoseSqs } from '../sqs/diagnose-sqs.js';
import { specsOf } from '../kinds.js';
import { OutboundPolicy } from '../outbound/outbound-policy.js';
import { diagnoseRedis } from '../queue/diagnose/diagnose.js';
import { rightsFor, type Rights } from '../queue/diagnose/rights.js';
import { diagnoseWebhooks } from '../webhooks/diagnose-webhooks.js';
import { probeGpus } from '../worker/gpu/gpu-probe.js';
import { orLate } from '../lib/deadline.js';
import { diagnoseStack } from './diagnose-stack.js';

const MARKS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;
const BYTES_PER_MB = 1024 * 1024;
/** A driver that hangs must not keep us. ms */
const GPU_PATIENCE_MS = 15_000;

/**
 * Looks at everything the service needs and prints one line each; a failure makes the process end with 1.
 * @param stack instead at each part of the stack that runs here
 */
export async function doctor({ stack }: { stack: boolean }): Promise<void> {
  const found = stack ? await diagnoseStack() : await diagnose();
  for (const { subject, level, message } of found) console.log(`${MARKS[level]}  ${subject.padEnd(14)} ${message}`);
  if (found.some(({ level }) => level === 'fail')) process.exitCode = 1;
}

async function diagnose(): Promise<Diagnosis[]> {
  try {
    const config = loadConfig(readEnvironment());
    const settings = config.warnings.map((warning) => warn('settings', warning));
    const found = await Promise.all([
      diagnoseRedis(
        config.redis,
        rightsOf(config),
        specsOf(config).flatMap(({ isUsed, queue }) => (isUsed ? [queue] : [])),
      ),
      diagnoseFfmpeg(config),
      diagnoseStorage(config),
      diagnoseCameras(config),
      diagnoseAccess(config),
      diagnoseGpu(config),
      diagnoseGemini(config),
      diagnoseKafka(config.kafka),
      diagnoseWebhooks(config.webhooks, new OutboundPolicy(config.outbound.allow, config.outbound.deny)),
      diagnoseSqs(config.sqs),
    ]);
    return [ok('settings', 'Every variable can be used.'), ...settings, ...found.flat()];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((problem) => fail('settings', problem));
    throw error;
  }
}

function rightsOf(config: Config): Rights {
  const kinds = specsOf(config);
  return rightsFor(
    kinds.some(({ runsHere }) => runsHere),
    kinds.map(({ queue }) => queue),
  );
}

async function diagnoseFfmpeg({ capture }: Config): Promise<Diagnosis> {
  try {
    const { version, path, hlsOptions } = await probeFfmpeg(capture.ffmpegPath);
    return ok('ffmpeg', `ffmpeg ${version} at ${path}, ${hlsOptions.length} HLS options.`);
  } catch (error) {
    return fail('ffmpeg', messageOf(error));
  }
}

async function diagnoseStorage({ storage }: Config): Promise<Diagnosis> {
  try {
    const { ok: isOk, isShort = false, message } = await (await openStore(storage)).check();
    if (!isOk) return fail('storage', message);
    return isShort ? warn('storage', message) : ok('storage', message);
  } catch (error) {
    return fail('storage', messageOf(error));
  }
}

async function diagnoseCameras({ cameras, capture }: Config): Promise<Diagnosis[]> {
  if (cameras.file === undefined) return [ok('cameras', 'No CAMERAS_FILE: nothing is recorded or scheduled.')];
  try {
    const { all } = await readCamerasFile(cameras.file, { ...capture, secrets: cameras.secrets });
    const recorded = all.filter(({ record }) => record).length;
    const inspected = all.filter(({ inspectEveryMinutes }) => inspectEveryMinutes !== undefined).length;
    return [ok('cameras', `${all.length} described: ${recorded} to record, ${inspected} to inspect by schedule.`)];
  } catch (error) {
    if (error instanceof CamerasFileError) return error.problems.map((problem) => fail('cameras', problem));
    throw error;
  }
}

async function diagnoseAccess({ http, access }: Config): Promise<Diagnosis[]> {
  const doubt = doubtOfAccess(http, access);
  const doubts = doubt === undefined ? [] : [warn('access', doubt)];
  if (access.tokensFile === undefined) return doubts;
  try {
    const tokens = parseTokens(await readTokensText(access.tokensFile));
    return [ok('access', `${tokens.length} tokens in TOKENS_FILE.`)];
  } catch (error) {
    return [fail('access', messageOf(error))];
  }
}

async function diagnoseGpu({ gpu }: Config): Promise<Diagnosis> {
  const free = await orLate(GPU_PATIENCE_MS, probeGpus(), () => undefined);
  if (free === undefined) return warn('gpu', 'It does not answer within 15 s: look at nvidia-smi and the driver.');
  if (free.length === 0) return ok('gpu', 'None whose memory could be read; nothing is held back.');
  const leastMb = Math.floor(Math.min(...free) / BYTES_PER_MB);
  if (!gpu.guard) return ok('gpu', `${leastMb} MB free; GPU_MEMORY_GUARD is off.`);
  if (free.some((bytes) => bytes < gpu.minFreeBytes)) {
    return warn('gpu', `${leastMb} MB free, less than GPU_MIN_FREE_MB: no job would start now. Free some memory.`);
  }
  return ok('gpu', `${leastMb} MB free.`);
}

function diagnoseGemini({ gemini, redis }: Config): Promise<Diagnosis[]> {
  return diagnoseGeminiKeys(gemini.keys, [...new Set([gemini.imageModel, gemini.videoModel])], redis);
}
