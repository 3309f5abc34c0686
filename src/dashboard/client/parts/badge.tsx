import type { ComponentChildren } from 'preact';
import { t, textOf } from '../i18n/texts.js';

/** A word in a frame; `tone` is never all that tells it apart. */
export function Badge({ tone = 'quiet', children }: { readonly tone?: Tone; readonly children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}

/** How much a badge wants to be seen. */
export type Tone = 'quiet' | 'good' | 'note' | 'bad';

const SHAPES: Readonly<Record<string, string>> = {
  high: 'M7 1 L13 12 L1 12 Z',
  medium: 'M7 1 L13 7 L7 13 L1 7 Z',
  low: 'M7 2 A5 5 0 1 1 6.99 2 Z',
};

/** How bad a damage is, by shape, colour and word. */
export function Severity({ of }: { readonly of: string | null | undefined }) {
  const word = of ?? 'none';
  const shape = SHAPES[word];
  if (shape === undefined) return <span class="quiet">{t('severity.none')}</span>;
  return (
    <span class={`severity ${word}`}>
      <svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
        <path d={shape} />
      </svg>
      {textOf(`severity.${word}`) ?? word}
    </span>
  );
}
