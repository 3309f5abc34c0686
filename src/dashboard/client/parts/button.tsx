import type { ComponentChildren } from 'preact';

/** What a button may be. */
export interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick?: () => void;
  readonly kind?: 'plain' | 'main' | 'danger';
  readonly type?: 'button' | 'submit';
  readonly disabled?: boolean;
  /** What it does, where its content is no words. */
  readonly label?: string;
  /** For one that stays pressed. */
  readonly pressed?: boolean;
}

/** A button; `main` is the one that most people want, `danger` loses something. */
export function Button(props: ButtonProps) {
  const { children, onClick, kind = 'plain', type = 'button', disabled = false, label, pressed } = props;
  return (
    <button
      class={kind}
      type={type}
      disabled={disabled}
      aria-label={label}
      aria-pressed={pressed}
      onClick={() => onClick?.()}
    >
      {children}
    </button>
  );
}
