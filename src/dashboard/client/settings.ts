import { effect, signal } from '@preact/signals';

/** What one person likes, kept in the browser. */
function kept<T extends string>(name: string, among: readonly T[], otherwise: T) {
  const key = `roadstream.${name}`;
  const found = read(key);
  const value = signal<T>(among.find((each) => each === found) ?? otherwise);
  effect(() => write(key, value.value));
  return value;
}

/** Storage may be forbidden; then a choice lasts as long as the page. */
function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // It is forgotten, then.
  }
}

/** The languages that every text is there in. */
export const LANGUAGES = ['en', 'ko'] as const;
export type Language = (typeof LANGUAGES)[number];

export const language = kept('language', LANGUAGES, navigator.language.startsWith('ko') ? 'ko' : 'en');

/** `auto` is as the system has it. */
export const THEMES = ['auto', 'light', 'dark'] as const;
export const theme = kept('theme', THEMES, 'auto');

effect(() => {
  document.documentElement.lang = language.value;
  document.documentElement.dataset['theme'] = theme.value;
});
