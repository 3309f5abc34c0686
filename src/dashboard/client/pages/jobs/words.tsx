import { textOf } from '../../i18n/texts.js';
import { Badge } from '../../parts/badge.js';
import { link } from '../../router.js';
import { TONES } from './job.js';

/** A kind of job in words; one that the page does not know by its name. */
export function kindName(kind: string): string {
  return textOf(`jobs.kind_${kind}`) ?? kind;
}

/** A step in words; one that the page does not know by its name. */
export function stepName(step: string): string {
  return textOf(`jobs.step_${step}`) ?? step;
}

/** What a job is doing, as a badge. */
export function State({ of }: { readonly of: string }) {
  return <Badge tone={TONES[of] ?? 'quiet'}>{textOf(`jobs.state_${of}`) ?? of}</Badge>;
}

/** A camera's name, which leads to its page. */
export function CameraLink({ id }: { readonly id: string | null }) {
  return id === null ? <>–</> : <a href={link(['cameras', id])}>{id}</a>;
}

/** Why something failed: the code, and the sentence that says what to do. */
export function Why({ of: { code, message } }: { readonly of: { readonly code: string; readonly message: string } }) {
  return (
    <>
      <code>{code}</code> <span class="why">{message}</span>
    </>
  );
}
