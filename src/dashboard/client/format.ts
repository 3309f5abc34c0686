import { language } from './settings.js';
import { t } from './i18n/texts.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A length of time in words as short as can be: 40 s, 3 min, 2 h, 5 d. */
export function duration(ms: number): string {
  if (ms < 1_000) return t('unit.ms', { n: Math.max(0, Math.round(ms)) });
  if (ms < 2 * MINUTE_MS) return t('unit.s', { n: Math.round(ms / 1_000) });
  if (ms < 2 * HOUR_MS) return t('unit.min', { n: Math.round(ms / MINUTE_MS) });
  if (ms < 2 * DAY_MS) return t('unit.h', { n: Math.round(ms / HOUR_MS) });
  return t('unit.d', { n: Math.round(ms / DAY_MS) });
}

/** How long ago. */
export function ago(iso: string, now: number): string {
  const ms = now - Date.parse(iso);
  return ms < 1_000 ? t('unit.now') : t('unit.ago', { time: duration(ms) });
}

/** A moment as people of the language write it. */
export function moment(iso: string): string {
  return new Date(iso).toLocaleString(language.value, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** A number with the separators of the language. */
export function number(value: number, digits = 0): string {
  return value.toLocaleString(language.value, { maximumFractionDigits: digits });
}

/** A share of 1 in percent. */
export function percent(share: number, digits = 0): string {
  return share.toLocaleString(language.value, { style: 'percent', maximumFractionDigits: digits });
}

/** Bytes as megabytes or gigabytes. */
export function bytes(value: number): string {
  return value < 1e9 ? `${number(value / 1e6, 1)} MB` : `${number(value / 1e9, 1)} GB`;
}
