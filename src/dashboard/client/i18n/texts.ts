import { language } from '../settings.js';
import en from './en.json' with { type: 'json' };
import ko from './ko.json' with { type: 'json' };

type Section = keyof typeof en;

/** The name of a text: `city.title`. */
export type TextKey = { [S in Section]: `${S}.${Extract<keyof (typeof en)[S], string>}` }[Section];

type Values = Readonly<Record<string, string | number>>;

const TEXTS: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>> = { en, ko };

/**
 * A text in the language that was chosen. `{name}` is filled in; `{n|one|many}` chooses by a number, which Korean needs nowhere.
 */
export function t(key: TextKey, values: Values = {}): string {
  return textOf(key, values) ?? key;
}

/** A text by a name that is made from data, such as the one of a code; undefined when there is none. */
export function textOf(key: string, values: Values = {}): string | undefined {
  const dot = key.indexOf('.');
  const text = TEXTS[language.value]?.[key.slice(0, dot)]?.[key.slice(dot + 1)];
  return text?.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (_all, name: string, one?: string, many?: string) => {
    const value = values[name] ?? '';
    if (one !== undefined) return value === 1 ? one : (many ?? '');
    return typeof value === 'number' ? value.toLocaleString(language.value) : value;
  });
}
