import type { ComponentChildren } from 'preact';

/** What a button may be. */
export interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick?: () => void;
  readonly kind?: 'plain' | 'main' | 'danger';
  readonly type?: 'button' | 'submit';
  readonly disabled?: boolean;
}

/** A button; `main` is the one that most people want, `danger` loses something. */
export function Button({ children, onClick, kind = 'plain', type = 'button', disabled = false }: ButtonProps) {
  return (
    <button class={kind} type={type} disabled={disabled} onClick={() => onClick?.()}>
      {children}
    </button>
  );
}
