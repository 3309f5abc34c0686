import { duration } from '../../format.js';
import { t, textOf, type TextKey } from '../../i18n/texts.js';
import { link } from '../../router.js';
import type { CameraPage, HealthPart, QueueNumbers, Worker } from '../../shapes.js';
import type { CityNews, Letter } from './city-news.js';

/** Something that is wrong, as a sentence. */
export interface Trouble {
  readonly tone: 'bad' | 'note';
  readonly text: string;
  /** Where more is to be seen. */
  readonly href?: string;
}

/** A job that no worker was given for so long waits too long, ms. */
const LONG_WAIT_MS = 10 * 60_000;
/** Dead letters of this time are new, ms. */
const NEW_LETTERS_MS = 3_600_000;

/** What is wrong, the worst first; empty when nothing is. @param now ms since the epoch */
export function troublesOf(news: CityNews, now: number): Trouble[] {
  const [workers, queues] = [news.workers.data.value?.items, news.queue.data.value?.items];
  return [
    ...(workers === undefined || queues === undefined ? [] : queues.flatMap((queue) => ofQueue(queue, workers))),
    ...ofHealth(news.health.data.value ?? {}),
    ...ofCameras(news.failing.data.value, news.stale.data.value),
    ...ofLetters(news.letters.data.value ?? [], now),
  ];
}

/** Why nothing of a kind is claimed though there is something to do, or why it takes long. */
function ofQueue(queue: QueueNumbers, all: readonly Worker[]): Trouble[] {
  const workers = all.filter((worker) => worker.kind === queue.kind);
  const wait = queue.lanes.reduce((sum, lane) => sum + lane.undelivered, 0);
  const values = { kind: textOf(`jobs.kind_${queue.kind}`) ?? queue.kind, n: queue.demand, wait };
  const href = link(['workers']);
  const of = (tone: Trouble['tone'], key: TextKey, more = {}): Trouble[] => [
    { tone, text: t(key, { ...values, ...more }), href },
  ];
  const isIdle = workers.every(({ claiming }) => !claiming);
  if (workers.length === 0) return queue.demand === 0 ? [] : of('bad', 'city.noWorker');
  if (isIdle) {
    const why = [...new Set(workers.flatMap(({ heldBackBecause }) => heldBackBecause))].join(' ');
    return of(queue.demand === 0 ? 'note' : 'bad', 'city.notClaimed', { why });
  }
  const oldestMs = Math.max(0, ...queue.lanes.map((lane) => lane.oldestUndeliveredMs ?? 0));
  return oldestMs < LONG_WAIT_MS ? [] : of('note', 'city.waitsLong', { age: duration(oldestMs) });
}

/** The worker tells of itself what the queue says better. */
function ofHealth(parts: Readonly<Record<string, HealthPart>>): Trouble[] {
  return Object.entries(parts).flatMap(([name, { status, message = '' }]) => {
    if (status === 'up' || name === 'worker') return [];
    const text = t(status === 'down' ? 'city.partDown' : 'city.partUnwell', { part: partName(name), why: message });
    return [{ tone: status === 'down' ? 'bad' : 'note', text, href: link(['system']) } as const];
  });
}

/** A part of the service in words. */
export function partName(name: string): string {
  return textOf(`system.part_${name}`) ?? name;
}

function ofCameras(failing: CameraPage | undefined, stale: CameraPage | undefined): Trouble[] {
  const [down, unseen] = [failing?.counts.down ?? 0, stale?.counts.stale ?? 0];
  const codes = new Set((failing?.items ?? []).flatMap((camera) => camera.down?.code ?? []));
  const why = [...codes].join(', ');
  return [
    ...(down === 0 ? [] : [trouble('bad', t('city.camerasDown', { n: down, why }), ['cameras'], { state: 'down' })]),
    ...(unseen === 0 ? [] : [trouble('note', t('city.camerasUnseen', { n: unseen }), ['cameras'], { state: 'stale' })]),
  ];
}

function ofLetters(letters: readonly Letter[], now: number): Trouble[] {
  const recent = letters.filter(({ failedAt }) => failedAt !== null && now - Date.parse(failedAt) < NEW_LETTERS_MS);
  if (recent.length === 0) return [];
  const why = [...new Set(recent.map(({ code }) => code))].join(', ');
  return [trouble('note', t('city.newLetters', { n: recent.length, why }), ['dead-letters'])];
}

function trouble(
  tone: Trouble['tone'],
  text: string,
  pieces: readonly string[],
  values: Readonly<Record<string, string>> = {},
): Trouble {
  return { tone, text, href: link(pieces, values) };
}
